/** Text to Definition: the door of this folder. */
import type { JsonObject } from "../json.ts";
import { isObject } from "../json.ts";
import { compileBody } from "./compile-body.ts";
import type { Definition } from "./definition.ts";
import type { Diagnostic } from "./diagnostic.ts";
import type { Finding } from "./findings.ts";
import { diagnosticOf } from "./findings.ts";
import type { DefinitionFormat, ParsedDefinition } from "./parse.ts";
import { parseDefinition } from "./parse.ts";
import { foresee } from "./foresee.ts";
import { refuseExtensions } from "./aws-only.ts";
import { validate } from "./validate.ts";

export interface CompileOptions {
  /** Found out from the text unless given. */
  readonly format?: DefinitionFormat;
  /** STANDARD unless given. Express machines may do less. */
  readonly type?: "STANDARD" | "EXPRESS";
  /** Whether what only Pawl takes is an error. */
  readonly isStrictAws?: boolean;
}

export interface CompiledDefinition {
  /** Absent when a diagnostic is an ERROR. */
  readonly definition?: Definition;
  /** Everything that is wrong or doubtful, in the order of the text. */
  readonly diagnostics: readonly Diagnostic[];
  readonly format: DefinitionFormat;
}

/** Diagnostics that one definition gets at most: who has more, has other worries. */
export const diagnosticsMax = 1_000;

/** Never throws for what a user wrote. Compile once for each revision and share the result. */
export function compileDefinition(text: string, options: CompileOptions = {}): CompiledDefinition {
  const parsed = parseDefinition(text, options.format);
  const { tree, format, findings: parsing } = parsed;
  if (tree === undefined) return { diagnostics: diagnosticsOf(parsing, parsed), format };
  const findings = validate(tree, { type: options.type ?? "STANDARD" });
  if (options.isStrictAws === true && isObject(tree)) refuseExtensions(tree, format, findings);
  const isWrong = parsing.length > 0 || findings.hasErrors;
  if (!isWrong && isObject(tree)) foresee(tree, findings);
  const all = [...parsing, ...findings.found, ...(isWrong ? [] : findings.unsupported)];
  const diagnostics = diagnosticsOf(all, parsed);
  if (isWrong || findings.unsupported.length > 0 || !isObject(tree)) return { diagnostics, format };
  return { definition: compileMachine(tree), diagnostics, format };
}

/** Findings with their lines and columns, in the order of the text. */
export function diagnosticsOf(
  findings: readonly Finding[],
  parsed: ParsedDefinition,
): readonly Diagnostic[] {
  return findings
    .slice(0, diagnosticsMax)
    .map((finding) => diagnosticOf(finding, parsed.locate(finding)))
    .toSorted((a, b) => a.line - b.line || a.column - b.column);
}

function compileMachine(tree: JsonObject): Definition {
  const { Comment, Version, TimeoutSeconds } = tree;
  const queryLanguage = tree["QueryLanguage"] === "JSONata" ? "JSONata" : "JSONPath";
  return Object.freeze({
    ...compileBody(tree, queryLanguage),
    queryLanguage,
    ...(typeof Comment === "string" && { comment: Comment }),
    ...((typeof Version === "string" || typeof Version === "number") && {
      version: String(Version),
    }),
    ...(typeof TimeoutSeconds === "number" && { timeoutSeconds: TimeoutSeconds }),
  });
}
