import { parseJson, stringifyJson } from "./json.ts";
import { utf8Length } from "./utf8-length.ts";
import type { Json } from "./json.ts";

/**
 * A JSON value together with its text; each is made from the other when first asked for, and kept.
 *
 * Payloads travel as text from caller to history to worker; most of them are never looked into, and
 * none is written twice.
 */
export class Payload {
  #text: string | undefined;
  #value: Json | undefined;
  #isCompact: boolean;

  private constructor(text: string | undefined, value: Json | undefined, isCompact: boolean) {
    this.#text = text;
    this.#value = value;
    this.#isCompact = isCompact;
  }

  /** @param text valid JSON, kept as it was written. */
  static ofText(text: string): Payload {
    return new Payload(text, undefined, false);
  }

  /** @param text valid JSON without white space between the tokens. */
  static ofCompactText(text: string): Payload {
    return new Payload(text, undefined, true);
  }

  static of(value: Json): Payload {
    return new Payload(undefined, value, true);
  }

  /** As it was written if it came as text, else compact. */
  get text(): string {
    return (this.#text ??= stringifyJson(this.#value as Json));
  }

  get value(): Json {
    if (this.#value === undefined) this.#value = parseJson(this.#text as string);
    return this.#value;
  }

  /** The same value, its text without white space between the tokens. */
  compact(): Payload {
    if (this.#isCompact) return this;
    if (!/\s/.test(this.#text as string)) {
      this.#isCompact = true;
      return this;
    }
    return Payload.of(this.value);
  }

  /** Whether the text takes more than `bytesMax` bytes of UTF-8. */
  exceeds(bytesMax: number): boolean {
    const { text } = this;
    if (text.length * 3 <= bytesMax) return false;
    return text.length > bytesMax || utf8Length(text) > bytesMax;
  }
}

/** The empty object: what "discarded" input and output is. */
export const emptyPayload: Payload = Payload.of(Object.freeze({}));
