/** ASL § Intrinsics for arrays. */
import type { Json } from "../../json.ts";
import { equalJson, isArray, stringifyJson } from "../../json.ts";
import type { Intrinsic } from "./intrinsic.ts";
import { arrayArgument, fail, integerArgument } from "./intrinsic.ts";

/** Items that States.ArrayRange makes at most. */
export const rangeItemsMax = 1_000;

export const arrayOf: Intrinsic = (args) => [...args];

export const arrayPartition: Intrinsic = (args) => {
  const items = arrayArgument(args, 0);
  const size = wholeArgument(args, 1);
  if (size < 1) fail(`chunk size ${size} is not positive`);
  return Array.from({ length: Math.ceil(items.length / size) }, (_, i) =>
    items.slice(i * size, (i + 1) * size),
  );
};

export const arrayContains: Intrinsic = (args) => {
  const sought = args[1] ?? null;
  return arrayArgument(args, 0).some((item) => equalJson(item, sought));
};

export const arrayRange: Intrinsic = (args) => {
  const [first, last, step] = [
    integerArgument(args, 0),
    integerArgument(args, 1),
    integerArgument(args, 2),
  ];
  if (step === 0) fail("step is 0");
  const length = Math.max(0, Math.floor((last - first) / step) + 1);
  if (length > rangeItemsMax) fail(`the range has ${length} items; the limit is ${rangeItemsMax}`);
  return Array.from({ length }, (_, i) => first + i * step);
};

export const arrayGetItem: Intrinsic = (args) => {
  const items = arrayArgument(args, 0);
  const index = wholeArgument(args, 1);
  const item = index < 0 ? undefined : items[index];
  return item === undefined
    ? fail(`index ${index} is outside an array of ${items.length} items`)
    : item;
};

export const arrayLength: Intrinsic = (args) => arrayArgument(args, 0).length;

export const arrayUnique: Intrinsic = (args) => {
  const seen = new Map<string, Json>();
  for (const item of arrayArgument(args, 0)) {
    const key = stringifyJson(sorted(item));
    if (!seen.has(key)) seen.set(key, item);
  }
  return [...seen.values()];
};

/** The same text for equal values. */
function sorted(value: Json): Json {
  if (isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null || "rawJSON" in value) return value;
  const entries = Object.entries(value).map(([key, item]): [string, Json] => [key, sorted(item)]);
  return Object.fromEntries(entries.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

/** An integer as it stands; 1.5 is refused. */
function wholeArgument(args: readonly Json[], index: number): number {
  const value = args[index];
  return typeof value === "number" && Number.isSafeInteger(value)
    ? value
    : fail(`argument ${index + 1} must be an integer`);
}
