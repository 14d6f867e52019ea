import type { Diagnostic } from "../asl/index.ts";

/** One thing that is wrong with a test file or a MockConfigFile, before it is known on which line it stands. */
export interface Problem {
  readonly pointer: string;
  readonly at?: "Key" | "Value";
  readonly code:
    | "INVALID_VALUE"
    | "MISSING_FIELD"
    | "UNKNOWN_FIELD"
    | "UNKNOWN_NAME"
    | "WRONG_TYPE";
  readonly message: string;
  readonly suggestion?: string;
}

/** Where it stands, for a person. */
export type Located = Omit<Diagnostic, "awsCode">;
