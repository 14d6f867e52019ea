/**
 * What one evaluation of a JSONata expression may use up.
 *
 * The bounds are counted, not timed, so that the same evaluation ends the same way wherever and
 * whenever it runs. docs/decisions/0007-jsonata-guards.md has the measurements.
 */

/** Evaluations one inside the other. */
export const depthMax = 500;
/** Items of a sequence. A payload of 256 KiB with more of them has no room for more than a digit each. */
export const sequenceItemsMax = 65_536;
/** Characters of a text that is searched for a regular expression. */
export const searchedLengthMax = 131_072;
/** Work, in units of about a microsecond: an evaluated node, 16 items copied, 256 characters made. */
export const workMax = 500_000;
/** Work after which other executions get their turn. */
export const workPerSlice = 5_000;
/** Bytes that a value would take if it were written out; what it shares counts each time. */
export const valueBytesMax = 2_097_152;
/** A safety net for what is not counted, in milliseconds. Generous: it depends on the machine. */
export const timeoutMs = 10_000;

/** The evaluation has used up what it may. */
export class BudgetError extends Error {
  override readonly name = "BudgetError";
}

export class Budget {
  readonly #pause: (() => Promise<void>) | undefined;
  #work = 0;
  #sliceEnd = workPerSlice;

  /** @param pause lets other executions run. */
  constructor(pause: (() => Promise<void>) | undefined) {
    this.#pause = pause;
  }

  /** @throws BudgetError when all is used up. */
  spend(work: number): void {
    this.#work += work;
    if (this.#work > workMax)
      throw new BudgetError(`the expression takes more than ${workMax} units of work`);
  }

  /** A node is evaluated. */
  step(isSlow: boolean): void {
    this.spend(1);
    if (isSlow) this.tire(20);
  }

  /** To be awaited when it is time to let other executions run; else `undefined`. */
  pauseIfDue(): Promise<void> | undefined {
    if (this.#work < this.#sliceEnd) return undefined;
    this.#sliceEnd = this.#work + workPerSlice;
    return this.#pause?.();
  }

  /** Brings the next pause nearer, for time that is not counted as work. */
  tire(work: number): void {
    this.#sliceEnd -= work;
  }

  /** Takes account of a value that the evaluation has made. @throws BudgetError */
  admit(value: unknown): void {
    if (typeof value === "string") this.admitLength(value.length);
    else if (typeof value === "object" && value !== null) this.#admitTree(value);
  }

  /** A text that is there, or is about to be made. @throws BudgetError */
  admitLength(length: number): void {
    if (length > valueBytesMax)
      throw new BudgetError(`a text of ${length} characters is longer than ${valueBytesMax}`);
    if (length >= 256) this.spend(length >> 8);
  }

  #admitTree(value: object): void {
    if (sizes.has(value)) return;
    const bytes = this.#sizeOf(value);
    if (bytes > valueBytesMax)
      throw new BudgetError(`a value is larger than ${valueBytesMax} bytes`);
  }

  /** A large object is looked at once, however often it is used: its size is remembered. */
  #sizeOf(value: unknown): number {
    if (typeof value === "string") return value.length + 2;
    if (typeof value !== "object" || value === null) return 8;
    const known = sizes.get(value);
    if (known !== undefined) return known;
    let bytes = 2;
    if (Array.isArray(value)) {
      this.spend(1 + (value.length >> 4));
      for (const item of value) bytes += this.#sizeOf(item);
    } else if (!isCallable(value)) {
      const keys = Object.keys(value);
      this.spend(1 + (keys.length >> 4));
      for (const key of keys)
        bytes += key.length + this.#sizeOf((value as Record<string, unknown>)[key]);
    }
    if (bytes >= rememberedBytesMin) sizes.set(value, bytes);
    return bytes;
  }
}

/** Smaller ones are faster looked at than looked up. */
const rememberedBytesMin = 256;

/** Values do not change once they are made. */
const sizes = new WeakMap<object, number>();

/** A value whose parts are counted when they are asked for. */
export function countByParts<Value extends object>(value: Value): Value {
  sizes.set(value, 0);
  return value;
}

/** JSONata's functions are objects that hold their environment. */
export function isCallable(value: object): boolean {
  return "_jsonata_lambda" in value || "_jsonata_function" in value;
}
