/**
 * JSONPath as AWS evaluates it: compiled once, then a function call.
 *
 * A definite path (keys and indexes only) names one value; any other gives the list of what it finds,
 * which may be empty. No path ever runs user code.
 */
import type { Evaluation } from "../definition/definition.ts";
import type { Json } from "../json.ts";
import { evaluatePath, follow, newSearch } from "./json-path/evaluate.ts";
import { explainMissing } from "./json-path/explain.ts";
import { parsePath } from "./json-path/parse.ts";
import type { ParsedPath } from "./json-path/segment.ts";
import { isDefinite } from "./json-path/segment.ts";

export { PathSyntaxError } from "./json-path/segment.ts";
export type { Segment } from "./json-path/segment.ts";

export interface JsonPath extends ParsedPath {
  readonly text: string;
  readonly isDefinite: boolean;
  /** What the path names, or `undefined` if a definite path names nothing. */
  find(evaluation: Evaluation): Json | undefined;
  /** Why `find` gave `undefined`: `No results for path: $['x']`. */
  explain(evaluation: Evaluation): string;
}

/** @throws PathSyntaxError */
export function compileJsonPath(text: string): JsonPath {
  const path = parsePath(text);
  const { segments } = path;
  const isPlain = isDefinite(path) && path.functionName === undefined;
  return {
    ...path,
    text,
    isDefinite: isDefinite(path),
    find: (evaluation) => {
      const root = rootOf(path, evaluation);
      if (root === undefined) return undefined;
      return isPlain ? follow(segments, root) : evaluatePath(path, root, newSearch(root));
    },
    explain: (evaluation) => {
      const root = rootOf(path, evaluation);
      return root === undefined ? "Undefined variable" : explainMissing(path.segments, root);
    },
  };
}

function rootOf({ root }: ParsedPath, evaluation: Evaluation): Json | undefined {
  switch (root.kind) {
    case "Input":
      return evaluation.input;
    case "Context":
      return evaluation.context();
    case "Variable":
      return evaluation.variables.get(root.name);
    case "Current":
      return undefined;
  }
}
