import type { Diagnostic } from "../../asl/index.ts";
import type { Engine, StateMachineType } from "../../engine/engine.ts";
import { AwsError } from "./aws-error.ts";
import { jsonSyntaxError } from "./json-syntax.ts";

/** One finding about a definition, as ValidateStateMachineDefinition shows it. */
export interface AwsDiagnostic {
  readonly severity: "ERROR" | "WARNING";
  readonly code: string;
  readonly message: string;
  /** JSON pointer, `/` for the whole document; for a text that is not JSON, where the parser stopped. */
  readonly location?: string;
}

export interface Candidate {
  readonly definition: string;
  readonly type: StateMachineType;
  /** One state only, as TestState takes it. */
  readonly isState?: boolean;
}

/** Everything that is wrong or doubtful about a definition. This door takes JSON only, as AWS does. */
export function diagnose(
  engine: Engine,
  { definition, type, isState = false }: Candidate,
): readonly AwsDiagnostic[] {
  if (definition.trim() === "") {
    return [
      {
        severity: "ERROR",
        code: "SCHEMA_VALIDATION_FAILED",
        message: "Definition must be a valid JSON object",
      },
    ];
  }
  const syntax = jsonSyntaxError(definition);
  if (syntax !== undefined) {
    const location = `[Source: (String)${quoted(definition)}; line: ${syntax.line}, column: ${syntax.column}]`;
    return [
      {
        severity: "ERROR",
        code: "INVALID_JSON_DESCRIPTION",
        message: `${syntax.message}\n at ${location}`,
        location,
      },
    ];
  }
  return engine
    .validateDefinition({ definition, type, isState, format: "JSON" })
    .map(awsDiagnostic);
}

/** @throws AwsError InvalidDefinition naming every error */
export function checkDefinition(engine: Engine, candidate: Candidate): void {
  const errors = diagnose(engine, candidate).filter((found) => found.severity === "ERROR");
  if (errors.length === 0) return;
  throw new AwsError(
    "InvalidDefinition",
    `Invalid State Machine Definition: '${errors.map(sentence).join(", ")}'`,
  );
}

function awsDiagnostic({ severity, awsCode, message, pointer }: Diagnostic): AwsDiagnostic {
  return { severity, code: awsCode, message, location: pointer === "" ? "/" : pointer };
}

/** The message of a syntax error says already where it is. */
function sentence({ code, message, location }: AwsDiagnostic): string {
  const isPointer = location?.startsWith("/") === true;
  return `${code}: ${message}${isPointer ? ` at ${location}` : ""}`;
}

/** As much of the text as AWS's parser quotes. */
const excerptLengthMax = 500;

function quoted(text: string): string {
  if (text.length <= excerptLengthMax) return `"${text}"`;
  return `"${text.slice(0, excerptLengthMax)}"[truncated ${text.length - excerptLengthMax} chars]`;
}
