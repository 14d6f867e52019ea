/** A tree of plain JSON to definition text: what `parseDefinition` reads back as the same tree. */
import { dump } from "js-yaml";
import { isArray, isObject, isRawNumber } from "../json.ts";
import type { Json } from "../json.ts";
import type { DefinitionFormat } from "./parse.ts";

/** Indented by two. YAML with a number that a double can not hold is written as JSON, which is YAML, too. */
export function writeDefinition(tree: Json, format: DefinitionFormat): string {
  if (format === "JSON" || hasRawNumber(tree)) return `${JSON.stringify(tree, undefined, 2)}\n`;
  return dump(tree, { noRefs: true });
}

function hasRawNumber(value: Json): boolean {
  if (isArray(value)) return value.some(hasRawNumber);
  return isObject(value) ? Object.values(value).some(hasRawNumber) : isRawNumber(value);
}
