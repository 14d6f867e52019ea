/** ASL § Intrinsics for numbers: MathAdd and MathRandom. Chance comes from the turn. */
import type { Intrinsic } from "./intrinsic.ts";
import { fail, integerArgument } from "./intrinsic.ts";

export const mathAdd: Intrinsic = (args) => {
  const sum = integerArgument(args, 0) + integerArgument(args, 1);
  return Number.isSafeInteger(sum) ? sum : fail("the sum is beyond the range of integers");
};

/** An integer from the first argument up to, but not including, the second. The third is a seed. */
export const mathRandom: Intrinsic = (args, turn) => {
  const [start, end] = [integerArgument(args, 0), integerArgument(args, 1)];
  if (start >= end) fail(`start ${start} is not below end ${end}`);
  const chance = args.length > 2 ? seededRandom(integerArgument(args, 2)) : turn.random();
  return start + Math.floor(chance * (end - start));
};

/** The first number of a generator (mulberry32) started with the seed: the same for the same seed. */
export function seededRandom(seed: number): number {
  let state = (seed + 0x6d2b79f5) | 0;
  state = Math.imul(state ^ (state >>> 15), state | 1);
  state ^= state + Math.imul(state ^ (state >>> 7), state | 61);
  return ((state ^ (state >>> 14)) >>> 0) / 4_294_967_296;
}
