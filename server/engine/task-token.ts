import { hash, timingSafeEqual } from "node:crypto";

/**
 * What a token says: which delivery of which task. `epoch` counts deliveries from 1, so an old one is
 * recognised; 0 stands for none of them ({@link isCallback}).
 */
export interface TaskTokenFacts {
  readonly executionId: string;
  readonly taskId: number;
  readonly epoch: number;
}

/** Whether a token is the task's own (`$$.Task.Token`), for anyone to report under, rather than a delivery's. */
export function isCallback({ epoch }: Pick<TaskTokenFacts, "epoch">): boolean {
  return epoch === callbackEpoch;
}

const callbackEpoch = 0;

/**
 * Signs and opens task tokens: 16 bytes execution id, 4 task id, 4 epoch, 16 signature. Opaque to
 * workers. All servers of one database share the key (table settings).
 */
export class TaskTokens {
  readonly #inner = Buffer.alloc(blockBytes + factsBytes);
  readonly #outer = Buffer.alloc(blockBytes + hashBytes);

  /** @param key at most 64 bytes. */
  constructor(key: Buffer) {
    for (let at = 0; at < blockBytes; at += 1) {
      this.#inner[at] = 0x36 ^ (key[at] ?? 0);
      this.#outer[at] = 0x5c ^ (key[at] ?? 0);
    }
  }

  seal(facts: TaskTokenFacts): Uint8Array {
    const token = Buffer.alloc(tokenBytes);
    token.write(facts.executionId.replaceAll("-", ""), 0, "hex");
    token.writeUInt32BE(facts.taskId, 16);
    token.writeUInt32BE(facts.epoch, 20);
    this.#sign(token).copy(token, factsBytes);
    return token;
  }

  /** The task's own token, as definitions and the AWS API have it. */
  sealCallback(executionId: string, taskId: number): string {
    const token = this.seal({ executionId, taskId, epoch: callbackEpoch });
    return Buffer.from(token).toString("base64url");
  }

  /** Undefined for anything this database's servers did not sign. */
  open(token: Uint8Array): TaskTokenFacts | undefined {
    if (token.length !== tokenBytes) return undefined;
    const bytes = Buffer.from(token.buffer, token.byteOffset, token.byteLength);
    if (!timingSafeEqual(this.#sign(bytes), bytes.subarray(factsBytes))) return undefined;
    const hex = bytes.toString("hex", 0, 16);
    return {
      executionId: `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`,
      taskId: bytes.readUInt32BE(16),
      epoch: bytes.readUInt32BE(20),
    };
  }

  /**
   * HMAC-SHA-256 (RFC 2104) by two one-shot hashes: `createHmac` builds a key object for every call,
   * which was a tenth of the server's time (docs/performance.md).
   */
  #sign(token: Buffer): Buffer {
    token.copy(this.#inner, blockBytes, 0, factsBytes);
    hash("sha256", this.#inner, "buffer").copy(this.#outer, blockBytes);
    return hash("sha256", this.#outer, "buffer").subarray(0, 16);
  }
}

const factsBytes = 24;
const tokenBytes = 40;
const blockBytes = 64;
const hashBytes = 32;
