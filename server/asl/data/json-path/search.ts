import type { Json } from "../../json.ts";
import type { ParsedPath } from "./segment.ts";

/** One evaluation of a path: what its filters refer to, and how much work is left. */
export interface Search {
  /** `$` inside a filter. */
  readonly root: Json;
  /** Nodes that may still be looked at. */
  visitsLeft: number;
  /** Evaluates a path inside a filter, on the same account. */
  readonly find: (path: ParsedPath, from: Json) => Json | undefined;
}
