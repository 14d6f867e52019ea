import { isArray, isObject, stringifyJson, type Json } from "../asl/index.ts";
import { deriveExecutionId } from "./ids.ts";

/**
 * What a message and the state that waits for it must have in common, as one UUID: the key, and a value
 * that is the same JSON. The order of an object's keys does not count; 42 is not "42".
 */
export function correlationOf(key: string, value: Json): string {
  return deriveExecutionId(JSON.stringify(key), canonical(value));
}

function canonical(value: Json): string {
  if (isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (!isObject(value)) return stringifyJson(value);
  const members = Object.keys(value)
    .toSorted()
    .map((key) => `${JSON.stringify(key)}:${canonical(value[key]!)}`);
  return `{${members.join(",")}}`;
}
