/** Built-in functions of JSONata with bounds on what they make, or with time and chance from the turn. */
import { equalJson, stringifyJson } from "../../json.ts";
import type { Json } from "../../json.ts";
import { BudgetError, searchedLengthMax, valueBytesMax } from "./budget.ts";
import { builtIns } from "./frame.ts";
import type { Budget } from "./budget.ts";
import type { Focus } from "./frame.ts";

export type Implementation = (this: Focus, ...args: never[]) => unknown;

/** Characters of a picture string. */
const pictureLengthMax = 256;
/** Characters of a text that is read by a picture. */
const picturedLengthMax = 128;
/** Ways to divide a text among the open-ended parts of a picture that are tried at most. */
const divisionsMax = 1_000_000;

export const shadowed: Readonly<Record<string, Implementation>> = {
  pad(this: Focus, text: string | undefined, width: number, char?: string) {
    if (text === undefined) return undefined;
    this.environment.base.session.budget.admitLength(Math.abs(width));
    const missing = Math.abs(Math.trunc(width)) - charactersIn(text);
    if (missing <= 0) return text;
    const padding = paddingOf(char === undefined || char === "" ? " " : char, missing);
    return width > 0 ? text + padding : padding + text;
  },
  join(this: Focus, texts: readonly string[] | undefined, separator = "") {
    const { budget } = this.environment.base.session;
    let length = 0;
    for (const text of texts ?? []) length += text.length + separator.length;
    budget.admitLength(length);
    return original("join").call(this, texts, separator);
  },
  async replace(
    this: Focus,
    ...[text, pattern, by, limit]: [string | undefined, unknown, unknown, number?]
  ) {
    const made = counter(this, text?.length ?? 0);
    const length = typeof by === "string" ? by.length : 0;
    const references = typeof by === "string" ? by.split("$").length - 1 : 0;
    if (typeof text === "string" && typeof pattern === "string" && pattern !== "") {
      made((text.split(pattern).length - 1) * length);
      return original("replace").call(this, text, pattern, by, limit);
    }
    const counted = matcher(this, pattern, (match) => made(length + references * match.length));
    return await original("replace").call(this, text, counted, by, limit);
  },
  match(this: Focus, text: unknown, pattern: unknown, limit?: number) {
    return original("match").call(this, text, matcher(this, pattern), limit);
  },
  split(this: Focus, text: unknown, separator: unknown, limit?: number) {
    const by = typeof separator === "string" ? separator : matcher(this, separator);
    return original("split").call(this, text, by, limit);
  },
  contains(this: Focus, text: unknown, token: unknown) {
    return original("contains").call(
      this,
      text,
      typeof token === "string" ? token : matcher(this, token),
    );
  },
  string(this: Focus, value: unknown, isPretty?: boolean) {
    if (isPretty === true) {
      const lines = lineLengths(value, 0);
      this.environment.base.session.budget.admitLength(lines);
    }
    return original("string").call(this, value, isPretty);
  },
  sort(this: Focus, items: unknown, comparator?: unknown) {
    if (!Array.isArray(items)) return original("sort").call(this, items, comparator);
    if (typeof comparator === "function")
      return mergeSorted(items as readonly unknown[], comparator as Comparator);
    if (items.every((item) => typeof item === "number")) return items.toSorted((a, b) => a - b);
    if (items.every((item) => typeof item === "string"))
      return items.toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0));
    return original("sort").call(this, items, comparator);
  },
  async distinct(this: Focus, items: unknown) {
    if (!Array.isArray(items) || items.length < 2) return original("distinct").call(this, items);
    const found = await distinctItems(
      items as readonly Json[],
      this.environment.base.session.budget,
    );
    const result = "sequence" in items ? this.createSequence() : [];
    for (const item of found) result.push(item);
    return result;
  },
  shuffle(this: Focus, items: readonly unknown[] | undefined) {
    if (items === undefined) return undefined;
    const { random } = this.environment.base.session.turn;
    const result = [...items];
    for (let last = result.length - 1; last > 0; last -= 1) {
      const other = Math.floor(random() * (last + 1));
      [result[last], result[other]] = [result[other], result[last]];
    }
    return result;
  },
  now(this: Focus, picture?: string, zone?: string) {
    checkPicture(picture);
    return original("fromMillis").call(
      this,
      this.environment.base.session.turn.nowMs,
      picture,
      zone,
    );
  },
  millis(this: Focus) {
    return this.environment.base.session.turn.nowMs;
  },
  fromMillis(this: Focus, millis: unknown, picture?: string, zone?: string) {
    checkPicture(picture);
    return original("fromMillis").call(this, millis, picture, zone);
  },
  toMillis(this: Focus, text: string | undefined, picture?: string) {
    checkPictured(text, picture);
    return original("toMillis").call(this, text, picture);
  },
  parseInteger(this: Focus, text: string | undefined, picture: string) {
    checkPictured(text, picture);
    return original("parseInteger").call(this, text, picture);
  },
  formatInteger(this: Focus, value: unknown, picture: string) {
    checkPicture(picture);
    return original("formatInteger").call(this, value, picture);
  },
  formatNumber(this: Focus, value: unknown, picture: string, options?: unknown) {
    checkPicture(picture);
    return original("formatNumber").call(this, value, picture, options);
  },
};

function original(name: string): (this: Focus, ...args: unknown[]) => unknown {
  const found = builtIns(name);
  if (found === undefined) throw new Error(`jsonata has no function ${name}`);
  return found.implementation as (this: Focus, ...args: unknown[]) => unknown;
}

/** By code points, as JSONata counts. */
function charactersIn(text: string): number {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}

function paddingOf(char: string, length: number): string {
  const each = charactersIn(char);
  if (each === 1) return char.repeat(length);
  const whole = char.repeat(Math.floor(length / each));
  return (
    whole +
    Array.from(char)
      .slice(0, length % each)
      .join("")
  );
}

/** Whether the first of two stands after the second. */
type Comparator = (left: unknown, right: unknown) => unknown;

/** The library's own takes time that grows with the square of the length. */
async function mergeSorted(
  items: readonly unknown[],
  isAfter: Comparator,
): Promise<readonly unknown[]> {
  if (items.length < 2) return items;
  const middle = items.length >> 1;
  const left = await mergeSorted(items.slice(0, middle), isAfter);
  const right = await mergeSorted(items.slice(middle), isAfter);
  const merged: unknown[] = [];
  let [l, r] = [0, 0];
  while (l < left.length && r < right.length)
    merged.push((await isAfter(left[l], right[r])) ? right[r++] : left[l++]);
  return [...merged, ...left.slice(l), ...right.slice(r)];
}

/** Takes account of a text that grows. */
function counter(focus: Focus, start: number): (length: number) => void {
  const { budget } = focus.environment.base.session;
  let total = start;
  return (length) => {
    total += length;
    if (total > valueBytesMax)
      throw new BudgetError(`a text of ${total} characters is longer than ${valueBytesMax}`);
    budget.spend(1 + (length >> 8));
  };
}

interface Match {
  readonly match: string;
  next?: () => unknown;
}

type Matcher = (text: string, from?: number) => unknown;

/** A pattern whose every search is counted and is a place to let other executions run. */
function matcher(focus: Focus, pattern: unknown, onMatch?: (text: string) => void): unknown {
  // A lambda's evaluation is counted as it is.
  if (typeof pattern !== "function") return pattern;
  const { budget } = focus.environment.base.session;
  let textLength = 0;
  const found = (result: unknown): unknown => {
    if (typeof result !== "object" || result === null) return result;
    const match = result as Match;
    onMatch?.(match.match);
    const next = match.next;
    if (next === undefined) return match;
    return { ...match, next: async () => await searched(() => next()) };
  };
  const searched = async (search: () => unknown): Promise<unknown> => {
    budget.spend(1 + (textLength >> 11));
    // A search that finds nothing near looks at all the rest of the text.
    budget.tire(textLength >> 2);
    focus.environment.base.guardrails();
    await budget.pauseIfDue();
    return found(await search());
  };
  return async (text: string, from?: number) => {
    textLength = text.length;
    if (textLength > searchedLengthMax) {
      const message = `a text of ${textLength} characters is longer than the limit for regular expressions of ${searchedLengthMax}`;
      throw new BudgetError(message);
    }
    budget.spend(textLength >> 3);
    return await searched(() => (pattern as Matcher)(text, from));
  };
}

function checkPicture(picture: string | undefined): void {
  if (picture !== undefined && picture.length > pictureLengthMax)
    throw new BudgetError(
      `the picture is ${picture.length} characters; the limit is ${pictureLengthMax}`,
    );
}

/** A text is read by a backtracking pattern: what it may try is bounded beforehand. */
function checkPictured(text: string | undefined, picture: string | undefined): void {
  if (picture === undefined || text === undefined) return;
  checkPicture(picture);
  if (text.length > picturedLengthMax)
    throw new BudgetError(
      `the text is ${text.length} characters; the limit with a picture is ${picturedLengthMax}`,
    );
  const parts = picture.split("[").slice(1);
  const openEnded = parts.filter((part) => !/^[A-Za-z]?0*[0-9]{2}/.test(part)).length;
  let divisions = 1;
  for (let part = 1; part <= openEnded; part += 1) divisions *= (text.length + part) / part;
  if (divisions > divisionsMax)
    throw new BudgetError("the picture has too many open-ended parts for a text of this length");
}

/** Characters of indented JSON, roughly. */
function lineLengths(value: unknown, depth: number): number {
  if (typeof value === "string") return value.length + 2;
  if (typeof value !== "object" || value === null) return 8;
  let length = 2;
  for (const item of Object.values(value)) {
    length += 3 + 2 * depth + lineLengths(item, depth + 1);
    if (length > valueBytesMax) return length;
  }
  return length;
}

/** The first of each set of equal values; by their text, so that no pair has to be compared. */
async function distinctItems(items: readonly Json[], budget: Budget): Promise<readonly Json[]> {
  const seen = new Map<string, Json[]>();
  const plain = new Set<Json>();
  const found: Json[] = [];
  for (const item of items) {
    if (typeof item !== "object" || item === null) {
      if (!plain.has(item)) found.push(item);
      plain.add(item);
      continue;
    }
    const key = shapeOf(item);
    budget.spend(2 + (key.length >> 5));
    await budget.pauseIfDue();
    const same = seen.get(key) ?? [];
    if (same.some((other) => equalJson(other, item))) continue;
    seen.set(key, [...same, item]);
    found.push(item);
  }
  return found;
}

function shapeOf(value: Json): string {
  return stringifyJson(sorted(value));
}

function sorted(value: Json): Json {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(sorted);
  const entries = Object.entries(value).map(([key, item]): [string, Json] => [
    key,
    sorted(item as Json),
  ]);
  return Object.fromEntries(entries.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
