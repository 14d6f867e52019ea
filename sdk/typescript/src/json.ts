/** Any JSON value. Integers beyond 2^53 lose digits when parsed: use the text beside the value for those. */
export type Json =
  | null
  | boolean
  | number
  | string
  | readonly Json[]
  | { readonly [key: string]: Json };

/**
 * JSON text that is sent as it is: for numbers that JavaScript would round, or text that exists already.
 *
 * ```ts
 * return new JsonText('{"balance":9007199254740993}');
 * ```
 */
export class JsonText {
  /** Must be one JSON document; the server refuses anything else. */
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** The text of a value: `undefined` is `null`, {@link JsonText} is itself. @throws TypeError for BigInt and cycles */
export function toJsonText(value: unknown): string {
  if (value instanceof JsonText) return value.text;
  return JSON.stringify(value) ?? "null";
}

/** The value of a text; `undefined` for an absent (empty) or cut-off one. */
export function parseJsonText(text: string, isTruncated = false): Json | undefined {
  if (text === "" || isTruncated) return undefined;
  return JSON.parse(text) as Json;
}
