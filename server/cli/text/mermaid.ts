import type { DefinitionGraph, GraphEdge, GraphNode } from "../../asl/index.ts";
import { plain } from "./plain.ts";

/** A graph as a Mermaid flowchart; Parallel and Map states are boxes around what they have inside. */
export function mermaid({ nodes, edges }: DefinitionGraph): string {
  const ids = new Map(nodes.map(({ id }, index) => [id, `n${index}`]));
  const inner = Map.groupBy(nodes, ({ parent = "" }) => parent);
  const lines = (parent: string, indent: string): readonly string[] =>
    (inner.get(parent) ?? []).flatMap((node) => {
      const id = ids.get(node.id) ?? "";
      if (!inner.has(node.id)) return [`${indent}${id}${shapeOf(node)}`];
      const head = `${indent}subgraph ${id}["${escaped(node.name)}"]`;
      return [head, ...lines(node.id, `${indent}  `), `${indent}end`];
    });
  const arrows = edges.map(
    (edge) => `  ${ids.get(edge.source)} ${arrowOf(edge)} ${ids.get(edge.target)}`,
  );
  return ["flowchart TD", ...lines("", "  "), ...arrows].join("\n");
}

function shapeOf({ name, type }: GraphNode): string {
  const text = `"${escaped(name)}"`;
  if (type === "Start" || type === "End") return `((${text}))`;
  if (type === "Choice") return `{${text}}`;
  return type === "Task" ? `[${text}]` : `(${text})`;
}

/** What an error takes is dotted. */
function arrowOf({ kind, label }: GraphEdge): string {
  const text = kind === "default" ? "default" : label;
  const arrow = kind === "catch" ? "-.->" : "-->";
  return text === "" ? arrow : `${arrow}|"${escaped(text)}"|`;
}

/** Mermaid's own escapes for what would end a label or be taken as HTML. */
function escaped(text: string): string {
  return plain(text).replaceAll(/[#"<>&`|\\]/g, (character) => `#${character.charCodeAt(0)};`);
}
