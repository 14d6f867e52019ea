/** What the specification says of one type of state. */
import type { JsonObject } from "../json.ts";
import type { At, Fields } from "./fields.ts";

export interface StateRule {
  /** The type's own fields in JSONPath. Type, Comment, QueryLanguage and Assign are everywhere. */
  readonly fields: Fields;
  /** In JSONata. */
  readonly jsonataFields: Fields;
  /** Which of the common path fields it has. */
  readonly paths: readonly PathField[];
  readonly required: readonly string[];
  /** Whether it goes on by Next or End; a Choice by its rules, the final states not at all. */
  readonly transition: "NextOrEnd" | "None";
  /** Succeed and Fail: nothing follows that could use a variable. */
  readonly isFinal?: boolean;
  /** What single fields do not tell. */
  check?(state: JsonObject, at: At): void;
}

export type PathField = "InputPath" | "OutputPath" | "ResultPath";
