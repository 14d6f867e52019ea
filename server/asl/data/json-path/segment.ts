/** A parsed JSONPath: what parse.ts makes and evaluate.ts follows. */
import type { Json } from "../../json.ts";

export type Segment =
  | { readonly kind: "Key"; readonly key: string }
  | { readonly kind: "Index"; readonly index: number }
  | { readonly kind: "Keys"; readonly keys: readonly string[] }
  | { readonly kind: "Indexes"; readonly indexes: readonly number[] }
  | { readonly kind: "Slice"; readonly start: number | undefined; readonly end: number | undefined }
  | { readonly kind: "Wildcard" }
  | { readonly kind: "Filter"; readonly test: FilterNode }
  /** `..`: the node and everything below it. */
  | { readonly kind: "Descendants" };

/** `.length()` and the like; only at the end of a path. */
export type FunctionName = "length" | "min" | "max" | "avg" | "sum" | "keys" | "first" | "last";

/** What a path starts from: `$`, `$$`, `$name`; `@` inside a filter. */
export type PathRoot =
  | { readonly kind: "Input" }
  | { readonly kind: "Context" }
  | { readonly kind: "Variable"; readonly name: string }
  | { readonly kind: "Current" };

export interface ParsedPath {
  readonly root: PathRoot;
  readonly segments: readonly Segment[];
  readonly functionName?: FunctionName;
}

export type ComparisonOperator = "==" | "!=" | "<" | "<=" | ">" | ">=" | "in" | "nin";

export type Operand =
  | { readonly kind: "Literal"; readonly value: Json }
  | { readonly kind: "Path"; readonly path: ParsedPath };

export type FilterNode =
  | { readonly kind: "And" | "Or"; readonly nodes: readonly FilterNode[] }
  | { readonly kind: "Not"; readonly node: FilterNode }
  | { readonly kind: "Exists"; readonly path: ParsedPath }
  | {
      readonly kind: "Compare";
      readonly operator: ComparisonOperator;
      readonly left: Operand;
      readonly right: Operand;
    };

/** Whether the path names at most one value, which is then its result; otherwise it gives a list. */
export function isDefinite({ segments }: ParsedPath): boolean {
  return segments.every(
    ({ kind }, index) =>
      kind === "Key" || kind === "Index" || (kind === "Keys" && index === segments.length - 1),
  );
}

/** The text is not a JSONPath, or uses what is not offered. */
export class PathSyntaxError extends Error {
  readonly code: "JSONPATH_SYNTAX" | "JSONPATH_UNSUPPORTED";
  /** 1-based, within the path's text. */
  readonly column: number;

  constructor(code: PathSyntaxError["code"], message: string, column: number) {
    super(message);
    this.code = code;
    this.column = column;
  }
}
