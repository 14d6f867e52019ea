import { PathSyntaxError } from "./segment.ts";

/** Filters in filters, parentheses and negations one inside the other that a path may have. */
export const filterDepthMax = 32;

/** A place in a path's text, with the few moves that its parsers need. */
export class Cursor {
  readonly text: string;
  at = 0;
  depth = 0;

  constructor(text: string) {
    this.text = text;
  }

  get isAtEnd(): boolean {
    return this.at >= this.text.length;
  }

  peek(ahead = 0): string {
    return this.text[this.at + ahead] ?? "";
  }

  startsWith(token: string): boolean {
    return this.text.startsWith(token, this.at);
  }

  eat(token: string): boolean {
    if (!this.startsWith(token)) return false;
    this.at += token.length;
    return true;
  }

  expect(token: string): void {
    if (!this.eat(token)) this.fail(`expected '${token}'`);
  }

  /** @param pattern sticky. */
  take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at;
    const match = pattern.exec(this.text)?.[0];
    if (match !== undefined) this.at += match.length;
    return match;
  }

  blank(): void {
    this.take(/[ \t\n\r]*/y);
  }

  /** Runs a parser of something that may hold itself. */
  nested<Result>(parse: () => Result): Result {
    if (this.depth >= filterDepthMax)
      this.unsupported(`nesting deeper than ${filterDepthMax} is not supported`);
    this.depth += 1;
    const result = parse();
    this.depth -= 1;
    return result;
  }

  fail(message: string, at = this.at): never {
    throw new PathSyntaxError("JSONPATH_SYNTAX", message, at + 1);
  }

  unsupported(message: string, at = this.at): never {
    throw new PathSyntaxError("JSONPATH_UNSUPPORTED", message, at + 1);
  }
}
