import { definitionGraph } from "./graph.ts";
import type { DefinitionFormat } from "./parse.ts";

/** What its Task states name, each once, in the order of the text. @param text a definition without errors */
export function taskResources(text: string, format?: DefinitionFormat): readonly string[] {
  const { nodes } = definitionGraph(text, format);
  return [...new Set(nodes.flatMap(({ resource }) => resource ?? []))];
}
