/** Why a text is not JSON, in the words of AWS's parser (Jackson). */
export interface JsonSyntaxError {
  readonly message: string;
  /** 1-based; where the parser stood when it gave up. */
  readonly line: number;
  readonly column: number;
}

/** Undefined when the text is one JSON value. */
export function jsonSyntaxError(text: string): JsonSyntaxError | undefined {
  try {
    JSON.parse(text);
    return undefined;
  } catch {
    return new Scan(text).explain();
  }
}

const wantsValue =
  "was expecting (JSON String, Number, Array, Object or token 'null', 'true' or 'false')";
const wantsValueShort =
  "expected a valid value (JSON String, Number, Array, Object or token 'null', 'true' or 'false')";

/** Thrown to leave the scan; never escapes this file. */
class Found extends Error {
  readonly at: number;
  /** Characters at `at` that the parser had already taken. */
  readonly taken: number;
  constructor(message: string, at: number, taken = 0) {
    super(message);
    this.at = at;
    this.taken = taken;
  }
}

/** A second reading, only of texts that JSON.parse refused: iterative, so that depth can not exhaust the stack. */
class Scan {
  readonly #text: string;
  #at = 0;
  /** The closing bracket of each open container. */
  readonly #open: ("}" | "]")[] = [];

  constructor(text: string) {
    this.#text = text;
  }

  explain(): JsonSyntaxError {
    try {
      this.#document();
    } catch (found) {
      if (found instanceof Found) return this.#located(found);
      throw found;
    }
    return this.#located(new Found("Invalid JSON", this.#at));
  }

  #located({ message, at, taken }: Found): JsonSyntaxError {
    const before = this.#text.slice(0, at);
    const line = before.split("\n").length;
    return { message, line, column: at - before.lastIndexOf("\n") + taken };
  }

  #document(): void {
    this.#value();
    while (this.#open.length > 0) this.#afterValue();
    const rest = this.#next();
    if (rest !== undefined)
      throw new Found(
        `Unexpected character ('${rest}' (code ${rest.codePointAt(0)})): was expecting end of input`,
        this.#at,
        1,
      );
  }

  /** Reads a scalar, or opens containers down to the first scalar or empty container. */
  #value(): void {
    for (;;) {
      const char = this.#next();
      if (char === undefined) throw this.#end();
      if (char === "{") {
        this.#at += 1;
        this.#open.push("}");
        if (this.#next() === "}") return this.#close();
        this.#fieldName();
      } else if (char === "[") {
        this.#at += 1;
        this.#open.push("]");
        if (this.#next() === "]") return this.#close();
      } else {
        return this.#scalar(char);
      }
    }
  }

  /** After a value inside a container: the next one, or the end of the container. */
  #afterValue(): void {
    const closing = this.#open.at(-1)!;
    const char = this.#next();
    if (char === undefined) throw this.#end();
    if (char === closing) return this.#close();
    if (char !== ",") {
      throw this.#unexpected(
        char,
        `was expecting comma to separate ${closing === "}" ? "Object" : "Array"} entries`,
      );
    }
    this.#at += 1;
    if (closing === "}") this.#fieldName();
    return this.#value();
  }

  #fieldName(): void {
    const char = this.#next();
    if (char === undefined) throw this.#end();
    if (char !== '"')
      throw this.#unexpected(char, "was expecting double-quote to start field name");
    this.#string("FIELD_NAME");
    const colon = this.#next();
    if (colon === undefined) throw this.#end();
    if (colon !== ":")
      throw this.#unexpected(colon, "was expecting a colon to separate field name and value");
    this.#at += 1;
  }

  #close(): void {
    this.#at += 1;
    this.#open.pop();
  }

  #scalar(char: string): void {
    if (char === '"') return this.#string("VALUE_STRING");
    if (/[-0-9]/.test(char)) return this.#number();
    if (/[\p{L}_$]/u.test(char)) return this.#word();
    throw this.#unexpected(char, wantsValueShort);
  }

  #string(token: string): void {
    for (this.#at += 1; ; this.#at += 1) {
      const char = this.#text[this.#at];
      if (char === undefined)
        throw new Found(
          "Unexpected end-of-input: was expecting closing quote for a string value",
          this.#at,
        );
      if (char === '"') break;
      if (char < " ") {
        const code = char.charCodeAt(0);
        throw new Found(
          `Illegal unquoted character ((CTRL-CHAR, code ${code})): has to be escaped using backslash to be included in ${token === "FIELD_NAME" ? "name" : "string value"}`,
          this.#at,
          1,
        );
      }
      if (char === "\\") this.#escape();
    }
    this.#at += 1;
  }

  #escape(): void {
    this.#at += 1;
    const char = this.#text[this.#at];
    if (char === undefined)
      throw new Found("Unexpected end-of-input in character escape sequence", this.#at);
    if (char === "u") {
      for (let digit = 0; digit < 4; digit += 1) {
        this.#at += 1;
        const hex = this.#text[this.#at];
        if (hex === undefined)
          throw new Found("Unexpected end-of-input in character escape sequence", this.#at);
        if (!/[0-9a-fA-F]/.test(hex))
          throw this.#unexpected(hex, "expected a hex-digit for character escape sequence");
      }
    } else if (!'"\\/bfnrt'.includes(char)) {
      throw new Found(
        `Unrecognized character escape '${char}' (code ${char.charCodeAt(0)})`,
        this.#at,
        1,
      );
    }
  }

  #number(): void {
    const number = /-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?/y;
    number.lastIndex = this.#at;
    const match = number.exec(this.#text)?.[0];
    if (match === undefined)
      throw this.#unexpected(
        this.#text[this.#at + 1] ?? "-",
        "expected digit (0-9) to follow minus sign, for valid numeric value",
      );
    this.#at += match.length;
    const char = this.#text[this.#at];
    if (char === undefined || /[\s,\]}]/.test(char)) return;
    if (/^-?0$/.test(match) && /[0-9]/.test(char))
      throw new Found("Invalid numeric value: Leading zeroes not allowed", this.#at, 1);
    throw this.#unexpected(char, "Expected space separating root-level values");
  }

  #word(): void {
    const word = /[\p{L}\p{N}_$]+/uy;
    word.lastIndex = this.#at;
    const token = word.exec(this.#text)![0];
    this.#at += token.length;
    if (token === "true" || token === "false" || token === "null") return;
    throw new Found(`Unrecognized token '${token.slice(0, 256)}': ${wantsValue}`, this.#at);
  }

  /** The next character that is not white space; stays in front of it. */
  #next(): string | undefined {
    while (this.#at < this.#text.length && " \t\n\r".includes(this.#text[this.#at]!)) this.#at += 1;
    const code = this.#text.codePointAt(this.#at);
    return code === undefined ? undefined : String.fromCodePoint(code);
  }

  #end(): Found {
    const closing = this.#open.at(-1);
    if (closing === undefined) return new Found("No content to map due to end-of-input", this.#at);
    return new Found(
      `Unexpected end-of-input: expected close marker for ${closing === "}" ? "Object" : "Array"}`,
      this.#at,
    );
  }

  #unexpected(char: string, wanted: string): Found {
    return new Found(
      `Unexpected character ('${char}' (code ${char.codePointAt(0)})): ${wanted}`,
      this.#at,
      1,
    );
  }
}
