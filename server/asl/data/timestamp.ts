/** ISO 8601 extended offset date-times, as AWS reads them: `2016-03-14T01:59:00.123Z`. */

const pattern =
  /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9})\d*)?)?(Z|[+-]\d\d(?::?\d\d)?)$/i;

/** An instant with a finer grain than a millisecond. */
export interface Instant {
  /** Milliseconds since the epoch, rounded down. */
  readonly ms: number;
  /** The rest, 0 to 999,999 nanoseconds. */
  readonly ns: number;
}

/** `undefined` unless the text has a valid date, `T`, a valid time and `Z` or an offset. */
export function parseTimestamp(text: string): Instant | undefined {
  const match = pattern.exec(text);
  if (match === null) return undefined;
  const [, year, month, day, hour, minute, second = "00", fraction = "", zone = "Z"] = match;
  const ns = Number(fraction.padEnd(9, "0"));
  const civil = `${year}-${month}-${day}T${hour}:${minute}:${second}`;
  // `Date.parse` is pure for a text with a zone. It refuses month 13 and hour 25, but lets 30 February roll over.
  const ms = Date.parse(`${civil}.${String(ns).padStart(9, "0").slice(0, 3)}Z`);
  const offsetMinutes = offsetOf(zone);
  if (Number.isNaN(ms) || offsetMinutes === undefined || hour === "24") return undefined;
  if (!new Date(ms).toISOString().startsWith(civil)) return undefined;
  return { ms: ms - offsetMinutes * 60_000, ns: ns % 1_000_000 };
}

function offsetOf(zone: string): number | undefined {
  if (zone === "Z" || zone === "z") return 0;
  const sign = zone.startsWith("-") ? -1 : 1;
  const hours = Number(zone.slice(1, 3));
  const minutes = Number(zone.slice(3).replace(":", "") || "0");
  return hours > 18 || minutes > 59 ? undefined : sign * (hours * 60 + minutes);
}

/** Below zero, zero or above zero, as for a sort. */
export function compareInstants(left: Instant, right: Instant): number {
  return left.ms - right.ms || left.ns - right.ns;
}

/** `2026-11-23T00:47:01.123Z`, as times in the context object are written. */
export function formatTimestamp(ms: number): string {
  return new Date(ms).toISOString();
}
