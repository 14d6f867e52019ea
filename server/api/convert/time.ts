import type { Duration, Timestamp } from "@bufbuild/protobuf/wkt";

/** Milliseconds since the epoch as a protobuf Timestamp. */
export function timestampOf(ms: number): Timestamp {
  const seconds = Math.floor(ms / 1_000);
  return {
    $typeName: "google.protobuf.Timestamp",
    seconds: BigInt(seconds),
    nanos: Math.round((ms - seconds * 1_000) * 1_000) * 1_000,
  };
}

/** A valid Timestamp in milliseconds since the epoch. */
export function timestampMs({ seconds, nanos }: Timestamp): number {
  return Number(seconds) * 1_000 + nanos / 1_000_000;
}

/** Milliseconds, not negative, as a protobuf Duration. */
export function durationOf(ms: number): Duration {
  const seconds = Math.floor(ms / 1_000);
  return {
    $typeName: "google.protobuf.Duration",
    seconds: BigInt(seconds),
    nanos: Math.round((ms - seconds * 1_000) * 1_000) * 1_000,
  };
}

/** What is wrong with a Timestamp as protobuf defines it (year 1 to 9999), if anything. */
export function timestampProblem(timestamp: Timestamp): string | undefined {
  if (timestamp.nanos < 0 || timestamp.nanos > 999_999_999) {
    return `nanos is ${timestamp.nanos}; it must be between 0 and 999999999`;
  }
  if (timestamp.seconds < -62_135_596_800n || timestamp.seconds > 253_402_300_799n) {
    return `seconds is ${timestamp.seconds}; the year must be between 1 and 9999`;
  }
  return undefined;
}

/** What is wrong with a Duration that must not be negative, if anything. */
export function durationProblem(duration: Duration): string | undefined {
  if (Math.abs(duration.nanos) > 999_999_999) {
    return `nanos is ${duration.nanos}; it must be between -999999999 and 999999999`;
  }
  if (
    (duration.seconds > 0n && duration.nanos < 0) ||
    (duration.seconds < 0n && duration.nanos > 0)
  ) {
    return "seconds and nanos have different signs";
  }
  if (duration.seconds < 0n || duration.nanos < 0) return "must not be negative";
  if (duration.seconds > 315_576_000_000n)
    return `seconds is ${duration.seconds}; the limit is 315576000000`;
  return undefined;
}

/** A valid Duration in milliseconds. */
export function durationMs(duration: Duration): number {
  return Number(duration.seconds) * 1_000 + duration.nanos / 1_000_000;
}
