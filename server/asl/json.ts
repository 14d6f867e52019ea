/**
 * JSON values as the interpreter holds them.
 *
 * Numbers that a double cannot hold (more than 15 significant digits, for example 64-bit ids) are
 * kept as their source text in a {@link RawNumber}, so that a payload leaves as it came.
 */
export type Json = null | boolean | number | string | RawNumber | readonly Json[] | JsonObject;

/** A JSON object. Keys are data: `__proto__` is a key like any other. */
export interface JsonObject {
  readonly [key: string]: Json;
}

/** What `JSON.rawJSON` makes: a number kept as text. `JSON.stringify` writes it back unchanged. */
export interface RawNumber {
  readonly rawJSON: string;
}
