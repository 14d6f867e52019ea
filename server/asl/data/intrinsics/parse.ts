/** ASL § Intrinsic functions: text to call. `States.Format('Hi {}', $.name, States.UUID())`. */
import type { Json } from "../../json.ts";
import { numberOf } from "../../json.ts";
import type { JsonPath } from "../json-path.ts";
import { compileJsonPath } from "../json-path.ts";

/** Calls one inside the other that an expression may have; AWS's limit. */
export const intrinsicDepthMax = 10;

export type Argument =
  | { readonly kind: "Literal"; readonly value: Json }
  /** A string with its escapes still in it: Format must tell `{}` from `\{\}`. */
  | { readonly kind: "String"; readonly source: string; readonly value: string }
  | { readonly kind: "Path"; readonly path: JsonPath }
  | { readonly kind: "Call"; readonly call: IntrinsicCall };

export interface IntrinsicCall {
  readonly name: string;
  readonly arguments: readonly Argument[];
}

/** The text is not an intrinsic function call. */
export class IntrinsicSyntaxError extends Error {
  readonly code: "INTRINSIC_SYNTAX" | "INTRINSIC_DEPTH";
  /** 1-based. */
  readonly column: number;

  constructor(code: IntrinsicSyntaxError["code"], message: string, column: number) {
    super(message);
    this.code = code;
    this.column = column;
  }
}

/** Whether a template's text is meant as a call rather than a path. */
export function looksIntrinsic(text: string): boolean {
  return text.startsWith("States.");
}

/** @throws IntrinsicSyntaxError, PathSyntaxError */
export function parseIntrinsic(text: string): IntrinsicCall {
  const reader = new Reader(text);
  const call = reader.call(1);
  reader.blank();
  if (reader.at < text.length) reader.fail(`unexpected '${text[reader.at]}'`);
  return call;
}

/** Every path among the arguments, at any depth. */
export function pathsIn(call: IntrinsicCall): readonly JsonPath[] {
  return call.arguments.flatMap((argument) =>
    argument.kind === "Path"
      ? [argument.path]
      : argument.kind === "Call"
        ? pathsIn(argument.call)
        : [],
  );
}

const constants: { readonly [word: string]: Json } = { true: true, false: false, null: null };

class Reader {
  readonly text: string;
  at = 0;

  constructor(text: string) {
    this.text = text;
  }

  call(depth: number): IntrinsicCall {
    this.blank();
    if (depth > intrinsicDepthMax) {
      const message = `calls are nested deeper than ${intrinsicDepthMax}`;
      throw new IntrinsicSyntaxError("INTRINSIC_DEPTH", message, this.at + 1);
    }
    const name =
      this.take(/States\.[A-Za-z0-9]+/y) ??
      this.fail("expected a function name such as States.Format");
    this.blank();
    if (this.take(/\(/y) === undefined) this.fail("expected '('");
    const args: Argument[] = [];
    this.blank();
    if (this.take(/\)/y) !== undefined) return { name, arguments: args };
    for (;;) {
      args.push(this.argument(depth));
      this.blank();
      if (this.take(/\)/y) !== undefined) return { name, arguments: args };
      if (this.take(/,/y) === undefined) this.fail("expected ',' or ')'");
    }
  }

  blank(): void {
    this.take(/[ \t\n\r]*/y);
  }

  fail(message: string): never {
    throw new IntrinsicSyntaxError("INTRINSIC_SYNTAX", message, this.at + 1);
  }

  private argument(depth: number): Argument {
    this.blank();
    const first = this.text[this.at];
    if (first === "'") return this.string();
    if (first === "$") return { kind: "Path", path: compileJsonPath(this.path()) };
    if (this.text.startsWith("States.", this.at))
      return { kind: "Call", call: this.call(depth + 1) };
    const digits = this.take(/-?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?(?![\p{L}\p{N}_.])/uy);
    if (digits !== undefined) return { kind: "Literal", value: numberOf(digits) };
    const word = this.take(/(?:true|false|null)(?![\p{L}\p{N}_.])/uy);
    if (word !== undefined) return { kind: "Literal", value: constants[word] ?? null };
    return this.fail(
      "expected a string in single quotes, a number, true, false, null, a path or a call",
    );
  }

  private string(): Argument {
    const quoted =
      this.take(/'(?:[^'\\]|\\['{}\\])*'/y) ??
      this.fail("the string is not closed or has an escape other than \\', \\{, \\} and \\\\");
    const source = quoted.slice(1, -1);
    return { kind: "String", source, value: unescaped(source) };
  }

  /** A path ends at a comma or bracket that is not inside its own brackets, parentheses or quotes. */
  private path(): string {
    const start = this.at;
    let depth = 0;
    for (; this.at < this.text.length; this.at += 1) {
      const character = this.text[this.at];
      if (character === "'" || character === '"') {
        if (depth === 0) break;
        if (this.take(/'(?:[^'\\]|\\[^])*'|"(?:[^"\\]|\\[^])*"/y) === undefined)
          this.fail("the string is not closed");
        this.at -= 1;
      } else if (character === "[" || character === "(") depth += 1;
      else if (character === "]" || (character === ")" && depth > 0)) depth -= 1;
      else if (depth === 0 && (character === "," || character === ")" || character === " ")) break;
    }
    return this.text.slice(start, this.at);
  }

  private take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at;
    const match = pattern.exec(this.text)?.[0];
    if (match !== undefined) this.at += match.length;
    return match;
  }
}

export function unescaped(source: string): string {
  return source.replace(/\\(['{}\\])/g, "$1");
}
