/**
 * Reads a JSON text for what `JSON.parse` does not tell: where values stand, which keys occur twice,
 * and, in the words of the parser that AWS uses (Jackson), what is wrong with it.
 */
export interface JsonScan {
  readonly problem?: JsonProblem;
  /** JSON pointer of a key that its object already had, and where it stands. */
  readonly duplicates: readonly { readonly pointer: string; readonly offset: number }[];
}

export interface JsonProblem {
  readonly kind: "Syntax" | "Depth";
  readonly message: string;
  /** Index into the text, in UTF-16 units. */
  readonly offset: number;
}

/** Told of every value, and of every key before its value. */
export type Place = (pointer: string, what: "Key" | "Value", offset: number) => void;

export function scanJson(
  text: string,
  { depthMax, place }: { depthMax: number; place?: Place },
): JsonScan {
  const scanner = new Scanner(text, depthMax, place);
  try {
    scanner.document();
    return { duplicates: scanner.duplicates };
  } catch (error) {
    if (!(error instanceof ScanStop)) throw error;
    return { problem: error.problem, duplicates: scanner.duplicates };
  }
}

/** One step of a JSON pointer (RFC 6901). */
export function pointerSegment(key: string): string {
  return key.includes("~") || key.includes("/")
    ? key.replaceAll("~", "~0").replaceAll("/", "~1")
    : key;
}

class ScanStop extends Error {
  readonly problem: JsonProblem;

  constructor(problem: JsonProblem) {
    super(problem.message);
    this.problem = problem;
  }
}

const expectedToken = "(JSON String, Number, Array, Object or token 'null', 'true' or 'false')";
const whitespace = /[ \t\n\r]*/y;
const plainString = /"[^"\\\u0000-\u001f]*"/y;
const anyString = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
const number = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
const word = /[\p{L}\p{N}_$]+/uy;

class Scanner {
  readonly duplicates: { pointer: string; offset: number }[] = [];
  private readonly text: string;
  private readonly depthMax: number;
  private readonly place: Place | undefined;
  private at = 0;

  constructor(text: string, depthMax: number, place: Place | undefined) {
    this.text = text;
    this.depthMax = depthMax;
    this.place = place;
  }

  document(): void {
    this.blank();
    if (this.at >= this.text.length) this.stop("No content to map due to end-of-input");
    this.value("", 1);
    this.blank();
    if (this.at < this.text.length) this.unexpected("end of input");
  }

  private value(pointer: string, depth: number): void {
    this.place?.(pointer, "Value", this.at);
    const first = this.text[this.at];
    if (first === "{" || first === "[") {
      if (depth > this.depthMax) {
        throw new ScanStop({
          kind: "Depth",
          message: `nesting is deeper than ${this.depthMax}`,
          offset: this.at,
        });
      }
      if (first === "{") this.object(pointer, depth);
      else this.array(pointer, depth);
    } else if (first === '"') {
      this.string();
    } else if (first === "-" || (first !== undefined && first >= "0" && first <= "9")) {
      if (this.take(number) === undefined)
        this.unexpected("a digit (0-9) to follow the minus sign", 1);
    } else {
      this.literal();
    }
  }

  private object(pointer: string, depth: number): void {
    const keys = new Set<string>();
    const start = this.at;
    this.at += 1;
    this.blank();
    if (this.eat("}")) return;
    for (;;) {
      this.member(pointer, depth, keys);
      this.blank();
      if (this.eat("}")) return;
      if (!this.eat(",")) this.unclosed("Object", start, "comma to separate Object entries");
      this.blank();
    }
  }

  private member(pointer: string, depth: number, keys: Set<string>): void {
    const offset = this.at;
    if (this.text[offset] !== '"')
      this.unclosed("Object", offset, "double-quote to start field name");
    const key = this.string();
    const child = `${pointer}/${pointerSegment(key)}`;
    if (keys.has(key)) this.duplicates.push({ pointer: child, offset });
    keys.add(key);
    this.place?.(child, "Key", offset);
    this.blank();
    if (!this.eat(":")) this.unexpected("a colon to separate field name and value");
    this.blank();
    this.value(child, depth + 1);
  }

  private array(pointer: string, depth: number): void {
    const start = this.at;
    this.at += 1;
    this.blank();
    if (this.eat("]")) return;
    for (let index = 0; ; index += 1) {
      this.value(`${pointer}/${index}`, depth + 1);
      this.blank();
      if (this.eat("]")) return;
      if (!this.eat(",")) this.unclosed("Array", start, "comma to separate Array entries");
      this.blank();
    }
  }

  private string(): string {
    const plain = this.take(plainString);
    if (plain !== undefined) return plain.slice(1, -1);
    const escaped = this.take(anyString);
    if (escaped === undefined)
      this.stop("Unexpected end-of-input or illegal character in String value");
    return JSON.parse(escaped) as string;
  }

  private literal(): void {
    const token = this.take(word);
    if (token === "null" || token === "true" || token === "false") return;
    if (token === undefined) this.unexpected("a valid value " + expectedToken);
    // Jackson reports where the token ends.
    this.stop(`Unrecognized token '${token.slice(0, 64)}': was expecting ${expectedToken}`);
  }

  private unclosed(kind: "Array" | "Object", start: number, expected: string): never {
    if (this.at < this.text.length) this.unexpected(expected);
    const { line, column } = lineAndColumn(linesOf(this.text), start);
    this.stop(
      `Unexpected end-of-input: expected close marker for ${kind} (start marker at line: ${line}, column: ${column})`,
    );
  }

  private unexpected(expected: string, skip = 0): never {
    const code = this.text.codePointAt(this.at + skip);
    if (code === undefined) this.stop(`Unexpected end-of-input: was expecting ${expected}`);
    const shown = code < 32 ? "CTRL-CHAR" : `'${String.fromCodePoint(code)}'`;
    this.stop(`Unexpected character (${shown} (code ${code})): was expecting ${expected}`);
  }

  private stop(message: string): never {
    throw new ScanStop({ kind: "Syntax", message, offset: this.at });
  }

  private take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at;
    const match = pattern.exec(this.text)?.[0];
    if (match !== undefined) this.at += match.length;
    return match;
  }

  private blank(): void {
    this.take(whitespace);
  }

  private eat(character: string): boolean {
    if (this.text[this.at] !== character) return false;
    this.at += 1;
    return true;
  }
}

/** Where each line of a text begins. */
export function linesOf(text: string): readonly number[] {
  const starts = [0];
  for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  return starts;
}

/** 1-based, columns in UTF-16 units. */
export function lineAndColumn(
  lines: readonly number[],
  offset: number,
): { line: number; column: number } {
  let [low, high] = [0, lines.length];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (lines[middle]! <= offset) low = middle;
    else high = middle;
  }
  return { line: low + 1, column: offset - (lines[low] ?? 0) + 1 };
}
