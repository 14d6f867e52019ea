import { isArray, isObject, parseJson } from "../../asl/index.ts";
import type { Diagnostic, Json } from "../../asl/index.ts";
import type { Engine, StateMachineType } from "../../engine/engine.ts";
import { AwsError } from "./aws-error.ts";
import { jsonSyntaxError } from "./json-syntax.ts";

/** One finding about a definition, as ValidateStateMachineDefinition shows it. */
export interface AwsDiagnostic {
  readonly severity: "ERROR" | "WARNING";
  readonly code: string;
  readonly message: string;
  /** As of {@link locationOf}; for a text that is not JSON, where the parser stopped. */
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
  const found = engine.validateDefinition({ definition, type, isState, format: "JSON" });
  if (found.length === 0) return [];
  const tree = parseJson(definition);
  return found.map((diagnostic) => awsDiagnostic(diagnostic, tree));
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

/** What AWS says of the object that has the field, not of the field. */
const aboutObject: ReadonlySet<string> = new Set(["UNKNOWN_FIELD", "OTHER_QUERY_LANGUAGE"]);

function awsDiagnostic(diagnostic: Diagnostic, tree: Json): AwsDiagnostic {
  const { severity, code, awsCode, message, pointer } = diagnostic;
  const place = aboutObject.has(code) ? pointer.slice(0, pointer.lastIndexOf("/")) : pointer;
  return { severity, code: awsCode, message, location: locationOf(place, tree) };
}

/** A JSON pointer as AWS writes it: `/States/A b/Choices[0]/Next`; `/` is the whole document. */
function locationOf(pointer: string, tree: Json): string {
  let location = "";
  let value: Json | undefined = tree;
  for (const segment of pointer.split("/").slice(1)) {
    const key = segment.replaceAll("~1", "/").replaceAll("~0", "~");
    if (isArray(value)) {
      location += `[${key}]`;
      value = value[Number(key)];
    } else {
      location += `/${key}`;
      value = isObject(value) ? value[key] : undefined;
    }
  }
  return location === "" ? "/" : location;
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
