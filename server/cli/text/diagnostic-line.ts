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
  return `${diagnosticPlace(file, found)}: ${diagnosticText(found)}`;
}

/** `file:line:column` */
export function diagnosticPlace(file: string, { line, column }: ShownDiagnostic): string {
  return line > 0 ? shown`${file}:${line}:${column}` : plain(file);
}

export function diagnosticText(found: ShownDiagnostic): string {
  const pointer = found.pointer === "" ? "" : shown` (at ${found.pointer})`;
  const suggestion =
    found.suggestion === undefined || found.suggestion === "" ? "" : shown`; ${found.suggestion}`;
  return (
    shown`${found.severity.toLowerCase()} ${found.code} ${found.message}` + pointer + suggestion
  );
}
