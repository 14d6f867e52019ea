import type { At, Fields } from "./fields.ts";
import { didYouMean } from "./suggest.ts";

/** A field that the spec does not have here: AWS's text, and the name that was probably meant. */
export function nearestField(key: string, fields: Fields, { findings, pointer }: At): void {
  // `Cause.$` is what templates would have; outside them it is `CausePath`.
  const path = key.endsWith(".$") ? `${key.slice(0, -2)}Path` : undefined;
  const isPath = path !== undefined && Object.hasOwn(fields, path);
  const suggestion = isPath
    ? { suggestion: `did you mean ${path}?` }
    : didYouMean(key, [...Object.keys(fields), "Comment"], findings);
  findings.add({
    code: "UNKNOWN_FIELD",
    message: `Field '${key}' is not supported`,
    pointer,
    at: "Key",
    ...suggestion,
  });
}
