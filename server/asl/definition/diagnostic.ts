/** One thing that is wrong (or doubtful) about a definition. All are reported at once. */
export interface Diagnostic {
  readonly severity: "ERROR" | "WARNING";
  /** Pawl's code (bad-input rows), e.g. `UNKNOWN_STATE`, `MISSING_NEXT`. */
  readonly code: string;
  /** AWS's code for the same finding, e.g. `SCHEMA_VALIDATION_FAILED`, `MISSING_TRANSITION_TARGET`. */
  readonly awsCode: string;
  /** AWS's text where it is known, without ` at <pointer>`; else ours, lower case, no period. */
  readonly message: string;
  /** JSON pointer into the definition, `/States/A/Next`; "" is the whole document. */
  readonly pointer: string;
  /** 1-based position in the text as submitted, JSON or YAML. */
  readonly line: number;
  readonly column: number;
  readonly suggestion?: string;
}
