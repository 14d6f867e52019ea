/** ASL § Intrinsics for strings: Format and StringSplit. */
import type { Json } from "../../json.ts";
import { isArray, isObject, isRawNumber } from "../../json.ts";
import type { Intrinsic } from "./intrinsic.ts";
import { fail, textArgument } from "./intrinsic.ts";

/**
 * Puts each further argument at one `{}` of the template, the first argument.
 *
 * The template comes with `\{` and `\}` still escaped, see call.ts.
 */
export const format: Intrinsic = (args) => {
  const template = textArgument(args, 0);
  const values = args.slice(1);
  let used = 0;
  const text = template.replace(/\\([^])|\{\}/g, (hole, escaped?: string) => {
    if (escaped !== undefined) return "'{}\\".includes(escaped) ? escaped : hole;
    const value = values[used];
    used += 1;
    return value === undefined ? "" : display(value);
  });
  if (used !== values.length) fail(`the template has ${used} {} for ${values.length} arguments`);
  return text;
};

/** A value within a text, as Java prints it: strings plain, objects `{a=1, b=[]}`. */
function display(value: Json): string {
  if (isRawNumber(value)) return value.rawJSON;
  if (isArray(value)) return `[${value.map(display).join(", ")}]`;
  if (!isObject(value)) return String(value);
  const entries = Object.entries(value).map(([key, item]) => `${key}=${display(item)}`);
  return `{${entries.join(", ")}}`;
}

/** Splits at every character of the second argument; empty parts are dropped. */
export const stringSplit: Intrinsic = (args) => {
  const text = textArgument(args, 0);
  const splitters = new Set(textArgument(args, 1));
  const parts: string[] = [];
  let part = "";
  for (const character of text) {
    if (!splitters.has(character)) {
      part += character;
    } else if (part !== "") {
      parts.push(part);
      part = "";
    }
  }
  if (part !== "") parts.push(part);
  return parts;
};
