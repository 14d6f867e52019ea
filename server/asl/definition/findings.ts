/** What validation finds, before it is known on which line it stands. */
import type { Diagnostic } from "./diagnostic.ts";

/** A place in the definition: a value, or the key it stands under. */
export interface Spot {
  readonly pointer: string;
  readonly at?: "Key" | "Value";
}

export interface Finding extends Spot {
  readonly severity?: "ERROR" | "WARNING";
  readonly code: string;
  /** `SCHEMA_VALIDATION_FAILED` unless given. */
  readonly awsCode?: string;
  readonly message: string;
  readonly suggestion?: string;
}

/** Offsets into the text by JSON pointer. */
export interface Places {
  readonly keys: Map<string, number>;
  readonly values: Map<string, number>;
}

export function duplicateKey(pointer: string): Finding {
  return { code: "DUPLICATE_KEY", message: "key occurs twice in its object", pointer, at: "Key" };
}

/** Collects findings in the order they are found. */
export class Findings {
  readonly found: Finding[] = [];
  /** Valid, but beyond what this version runs. Of interest only where nothing is wrong. */
  readonly unsupported: Finding[] = [];

  /** Once for each kind: one sentence tells it all. */
  refuseAsUnsupported(code: string, message: string, pointer: string): void {
    if (this.unsupported.some((finding) => finding.code === code)) return;
    this.unsupported.push({ code, message, pointer });
  }

  add(finding: Finding): void {
    this.found.push(finding);
  }

  get hasErrors(): boolean {
    return this.found.some(({ severity }) => severity !== "WARNING");
  }
}

export function diagnosticOf(
  finding: Finding,
  position: { line: number; column: number },
): Diagnostic {
  const {
    severity = "ERROR",
    code,
    awsCode = "SCHEMA_VALIDATION_FAILED",
    message,
    pointer,
    suggestion,
  } = finding;
  return {
    severity,
    code,
    awsCode,
    message,
    pointer,
    ...position,
    ...(suggestion !== undefined && { suggestion }),
  };
}
