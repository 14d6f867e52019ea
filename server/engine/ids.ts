/** Ids and chance: the one file in the server where randomness is made. */
import { createHash, randomBytes, randomFillSync, randomUUID } from "node:crypto";

const pool = Buffer.allocUnsafe(16 * 256);
let poolAt = pool.length;

/** A UUIDv7 (RFC 9562): sorts by time, so that new rows land at the end of an index. */
export function newUuidV7(nowMs: number): string {
  if (poolAt === pool.length) {
    randomFillSync(pool);
    poolAt = 0;
  }
  const bytes = pool.subarray(poolAt, poolAt + 16);
  poolAt += 16;
  bytes.writeUIntBE(nowMs, 0, 6);
  bytes[6] = (bytes[6]! & 0x0f) | 0x70;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  return formatUuid(bytes.toString("hex"));
}

/** A random UUID (version 4). */
export function newUuid(): string {
  return randomUUID();
}

/**
 * The id of an execution whose name its caller chose: UUID version 8 from machine and name, so the
 * primary key also keeps (state machine, name) unique.
 */
export function deriveExecutionId(stateMachineName: string, executionName: string): string {
  const bytes = createHash("sha256")
    .update(`${stateMachineName}\0${executionName}`)
    .digest()
    .subarray(0, 16);
  bytes[6] = (bytes[6]! & 0x0f) | 0x80;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  return formatUuid(bytes.toString("hex"));
}

/**
 * The ids an execution of this name may have, likeliest first. A name made by Pawl is the id's own
 * text (UUIDv7); any name may also have been chosen by a caller.
 */
export function candidateIds(stateMachineName: string, executionName: string): readonly string[] {
  const derived = deriveExecutionId(stateMachineName, executionName);
  return uuidV7.test(executionName) ? [executionName, derived] : [derived];
}

/** Whether a text is a UUID as Pawl writes it. */
export function isUuid(text: string): boolean {
  return uuid.test(text);
}

/** A random number generator for turns (mulberry32), seeded from the system's. */
export function newRandom(): () => number {
  let state = randomBytes(4).readUInt32LE();
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const uuidV7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

function formatUuid(hex: string): string {
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
