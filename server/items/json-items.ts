import { parseJson, type Json } from "../asl/index.ts";
import { ObjectError } from "./object-store.ts";

/**
 * The elements of an array in a JSON document, one after the other: neither the document nor the array
 * is held in memory.
 *
 * @param pointer of the array, a JSON pointer (RFC 6901); empty: the document itself.
 */
export async function* jsonItems(
  chunks: AsyncIterable<Uint8Array>,
  pointer: string,
): AsyncGenerator<Json> {
  const cursor = new JsonCursor(chunks);
  for (const segment of pointer.split("/").slice(1))
    await descend(cursor, segment.replaceAll("~1", "/").replaceAll("~0", "~"));
  if ((await cursor.peek()) !== "[") throw notIterable();
  cursor.skip();
  if ((await cursor.peek()) === "]") return;
  for (;;) {
    yield parsed(await cursor.value());
    const next = await cursor.peek();
    if (next === "]") return;
    if (next !== ",") throw notJson();
    cursor.skip();
  }
}

/** To the value of a key, or to an element of an array. */
async function descend(cursor: JsonCursor, segment: string): Promise<void> {
  const opening = await cursor.peek();
  if (opening !== "{" && opening !== "[") throw notIterable();
  cursor.skip();
  for (let index = 0; ; index += 1) {
    const first = await cursor.peek();
    if (first === "}" || first === "]") throw notIterable();
    let key: Json = String(index);
    if (opening === "{") {
      key = parsed(await cursor.value());
      if ((await cursor.peek()) !== ":") throw notJson();
      cursor.skip();
    }
    if (key === segment) return;
    await cursor.value();
    if ((await cursor.peek()) !== ",") throw notIterable();
    cursor.skip();
  }
}

function parsed(text: string): Json {
  try {
    return parseJson(text);
  } catch {
    throw notJson();
  }
}

/** AWS's words. */
function notIterable(): ObjectError {
  return new ObjectError("Attempting to map over non-iterable node.");
}

function notJson(): ObjectError {
  return new ObjectError("the object is not JSON");
}

/** Walks along a JSON text that comes in chunks. */
class JsonCursor {
  readonly #chunks: AsyncIterator<Uint8Array>;
  readonly #decoder = new TextDecoder();
  #text = "";
  #at = 0;

  constructor(chunks: AsyncIterable<Uint8Array>) {
    this.#chunks = chunks[Symbol.asyncIterator]();
  }

  /** The next character that is no white space; undefined at the end. */
  async peek(): Promise<string | undefined> {
    for (;;) {
      while (this.#at < this.#text.length) {
        const character = this.#text[this.#at]!;
        if (!whitespace.has(character)) return character;
        this.#at += 1;
      }
      if (!(await this.#more())) return undefined;
    }
  }

  skip(): void {
    this.#at += 1;
  }

  /** The text of the value that begins here; stands behind it afterwards. */
  async value(): Promise<string> {
    if ((await this.peek()) === undefined) throw notJson();
    let end = this.#at;
    let depth = 0;
    let isInString = false;
    for (;;) {
      for (; end < this.#text.length; end += 1) {
        const character = this.#text[end]!;
        if (isInString) {
          if (character === "\\") end += 1;
          else if (character === '"') isInString = false;
        } else if (character === '"') isInString = true;
        else if (character === "{" || character === "[") depth += 1;
        else if (depth === 0 && endsValue.has(character)) return this.#take(end);
        else if (character === "}" || character === "]") depth -= 1;
      }
      const length = end - this.#at;
      if (!(await this.#more())) return this.#take(this.#text.length);
      end = this.#at + length;
    }
  }

  #take(end: number): string {
    const text = this.#text.slice(this.#at, end);
    this.#at = end;
    return text;
  }

  /** Drops what was walked over. @returns false at the end. */
  async #more(): Promise<boolean> {
    const { value, done } = await this.#chunks.next();
    if (done === true) return false;
    this.#text = this.#text.slice(this.#at) + this.#decoder.decode(value, { stream: true });
    this.#at = 0;
    return true;
  }
}

const whitespace: ReadonlySet<string> = new Set([" ", "\t", "\n", "\r", "\uFEFF"]);
const endsValue: ReadonlySet<string> = new Set([",", ":", "}", "]"]);
