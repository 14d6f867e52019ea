/** Definition text, JSON or YAML, to a tree of plain JSON that knows where everything stands. */
import type { Json } from "../json.ts";
import { parseJson } from "../json.ts";
import { lineAndColumn, linesOf, scanJson } from "../json-scan.ts";
import { utf8Length } from "../utf8-length.ts";
import { duplicateKey } from "./findings.ts";
import type { Finding, Places, Spot } from "./findings.ts";
import { parseYaml } from "./parse-yaml.ts";

export type DefinitionFormat = "JSON" | "YAML";

export interface Position {
  readonly line: number;
  readonly column: number;
}

export interface ParsedDefinition {
  /** Absent when the text can not be read at all. */
  readonly tree?: Json;
  readonly format: DefinitionFormat;
  readonly findings: readonly Finding[];
  /** Line and column of a place; of the nearest place around it where there is none. */
  readonly locate: (spot: Spot) => Position;
}

/** Bytes of UTF-8 that a definition may have; AWS's limit. */
export const definitionBytesMax = 1_048_576;

/** Objects and arrays one inside the other that a definition may have. */
export const definitionDepthMax = 200;

export function parseDefinition(source: string, given?: DefinitionFormat): ParsedDefinition {
  const text = source.startsWith("\ufeff") ? source.slice(1) : source;
  const format = given ?? sniff(text);
  const refused = refuse(text);
  if (refused !== undefined)
    return { format, findings: [refused], locate: () => ({ line: 1, column: 1 }) };
  return format === "JSON" ? parseJsonDefinition(text) : parseYamlDefinition(text);
}

function sniff(text: string): DefinitionFormat {
  return /^\s*["[{]/.test(text) ? "JSON" : "YAML";
}

function refuse(text: string): Finding | undefined {
  if (text.trim() === "") {
    return {
      code: "DEFINITION_EMPTY",
      message: "Definition must be a valid JSON object",
      pointer: "",
    };
  }
  const bytes = text.length * 3 > definitionBytesMax ? utf8Length(text) : 0;
  if (bytes > definitionBytesMax) {
    const message = `definition is ${bytes.toLocaleString("en")} bytes; the limit is ${definitionBytesMax.toLocaleString("en")}`;
    return { code: "DEFINITION_TOO_LARGE", message, pointer: "" };
  }
  if (!text.isWellFormed())
    return { code: "MALFORMED_UNICODE", message: "definition has a lone surrogate", pointer: "" };
  return undefined;
}

function parseJsonDefinition(text: string): ParsedDefinition {
  const { problem, duplicates } = scanJson(text, { depthMax: definitionDepthMax });
  if (problem !== undefined) {
    const isDepth = problem.kind === "Depth";
    const finding: Finding = {
      code: isDepth ? "NESTING_TOO_DEEP" : "DEFINITION_SYNTAX",
      ...(!isDepth && { awsCode: "INVALID_JSON_DESCRIPTION" }),
      message: problem.message,
      pointer: "",
    };
    return {
      format: "JSON",
      findings: [finding],
      locate: () => lineAndColumn(linesOf(text), problem.offset),
    };
  }
  const findings = duplicates.map(({ pointer }): Finding => duplicateKey(pointer));
  return {
    tree: parseJson(text),
    format: "JSON",
    findings,
    locate: lazily(text, () => placesInJson(text)),
  };
}

function placesInJson(text: string): Places {
  const places: Places = { keys: new Map(), values: new Map() };
  scanJson(text, {
    depthMax: definitionDepthMax,
    place: (pointer, what, offset) =>
      (what === "Key" ? places.keys : places.values).set(pointer, offset),
  });
  return places;
}

function parseYamlDefinition(text: string): ParsedDefinition {
  const { tree, findings, places, offset } = parseYaml(text, definitionDepthMax);
  const locate =
    offset === undefined ? lazily(text, () => places) : () => lineAndColumn(linesOf(text), offset);
  return { ...(tree !== undefined && { tree }), format: "YAML", findings, locate };
}

/** Most definitions have nothing to complain about, and then nobody asks for a place. */
function lazily(text: string, find: () => Places): ParsedDefinition["locate"] {
  let places: Places | undefined;
  let lines: readonly number[] = [];
  return ({ pointer, at }) => {
    if (places === undefined) [places, lines] = [find(), linesOf(text)];
    for (
      let nearest = pointer;
      ;
      nearest = nearest.slice(0, Math.max(0, nearest.lastIndexOf("/")))
    ) {
      const key = nearest === pointer && at !== "Key" ? undefined : places.keys.get(nearest);
      const offset = key ?? places.values.get(nearest);
      if (offset !== undefined) return lineAndColumn(lines, offset);
      if (nearest === "") return { line: 1, column: 1 };
    }
  };
}
