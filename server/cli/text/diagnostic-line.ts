import { plain, shown } from "./plain.ts";

/** What a finding needs to be shown; the core's and the wire's diagnostics both fit. */
export interface ShownDiagnostic {
  readonly severity: string;
  readonly code: string;
  readonly message: string;
  /** JSON pointer into the definition; "" is the whole document. */
  readonly pointer: string;
  readonly line: number;
  readonly column: number;
  readonly suggestion?: string;
}

/** `file:line:column: error CODE message (at /States/A/Next); suggestion`, which editors make a link of. */
export function diagnosticLine(file: string, found: ShownDiagnostic): string {
  const place = found.line > 0 ? shown`${file}:${found.line}:${found.column}` : plain(file);
  const pointer = found.pointer === "" ? "" : shown` (at ${found.pointer})`;
  const suggestion =
    found.suggestion === undefined || found.suggestion === "" ? "" : shown`; ${found.suggestion}`;
  return (
    shown`${place}: ${found.severity.toLowerCase()} ${found.code} ${found.message}` +
    pointer +
    suggestion
  );
}
