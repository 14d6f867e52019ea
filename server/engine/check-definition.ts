import { compileDefinition } from "../asl/index.ts";
import type { Definition, Diagnostic } from "../asl/index.ts";
import type { DefinitionFormat, StateMachineType } from "./engine.ts";
import { EngineError } from "./errors.ts";

export interface CheckedDefinition {
  readonly definition: Definition;
  readonly format: DefinitionFormat;
  readonly warnings: readonly Diagnostic[];
}

/**
 * Compiles a definition, or refuses it with everything that is wrong with it.
 * @throws EngineError InvalidDefinition; its reason is the first finding's code.
 */
export function checkDefinition(
  text: string,
  type: StateMachineType,
  given: DefinitionFormat | undefined,
): CheckedDefinition {
  const compiled = compileDefinition(text, { type, ...(given !== undefined && { format: given }) });
  const { definition, diagnostics, format } = compiled;
  const errors = diagnostics.filter(({ severity }) => severity === "ERROR");
  const [first = diagnostics[0]] = errors;
  if (first !== undefined && (errors.length > 0 || definition === undefined)) {
    throw invalidDefinition(first, errors);
  }
  if (definition === undefined) throw new Error("a definition was refused without a reason");
  return { definition, format, warnings: diagnostics };
}

/** Findings that are named one by one in a refusal. */
const violationsMax = 100;

/** The refusal of a definition: its first finding in words, all of them as data. */
export function invalidDefinition(first: Diagnostic, errors: readonly Diagnostic[]): EngineError {
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : "";
  return new EngineError(
    "InvalidDefinition",
    `Invalid State Machine Definition: '${first.awsCode}: ${first.message}${placeOf(first)}'${more}`,
    {
      reason: first.code,
      metadata: {
        line: String(first.line),
        column: String(first.column),
        pointer: first.pointer,
        errors: String(errors.length),
      },
      violations: errors.slice(0, violationsMax).map((error) => ({
        field: "definition",
        description: `line ${error.line}, column ${error.column}: ${error.message}${placeOf(error)}${error.suggestion === undefined ? "" : `; ${error.suggestion}`}`,
        reason: error.code,
      })),
    },
  );
}

function placeOf({ pointer }: Diagnostic): string {
  return pointer === "" ? "" : ` at ${pointer}`;
}
