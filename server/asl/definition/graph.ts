/** A definition as nodes and edges, for drawing. */
import type { Json, JsonObject } from "../json.ts";
import { isArray, isObject, stringifyJson, textAt } from "../json.ts";
import { plainText } from "../number-setting.ts";
import { pointerSegment } from "../json-scan.ts";
import { parseDefinition } from "./parse.ts";
import type { DefinitionFormat } from "./parse.ts";
import { innerBodies, targetsOf } from "./transitions.ts";
import type { Target } from "./transitions.ts";

export interface DefinitionGraph {
  /** In the order of the text. Every body (machine, branch, item processor) has a Start and an End. */
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
}

export interface GraphNode {
  /** JSON pointer of the state; of a Start or End that of its body with `/StartAt` or `/End`. */
  readonly id: string;
  readonly name: string;
  /** The state's Type, `Start` or `End`. */
  readonly type: string;
  /** Id of the Parallel or Map that it is inside of; absent at the top. */
  readonly parent?: string;
  /** Of a Task. */
  readonly resource?: string;
  readonly comment?: string;
}

export interface GraphEdge {
  readonly source: string;
  readonly target: string;
  readonly kind: "next" | "choice" | "default" | "catch";
  /** The condition of a Choice Rule, the errors of a Catcher; else empty. */
  readonly label: string;
}

/** @param text a definition without errors. */
export function definitionGraph(text: string, format?: DefinitionFormat): DefinitionGraph {
  const { tree } = parseDefinition(text, format);
  const graph: Draft = { nodes: [], edges: [] };
  if (isObject(tree)) addBody(graph, tree, { pointer: "" });
  return graph;
}

interface Draft {
  readonly nodes: GraphNode[];
  readonly edges: GraphEdge[];
}

interface Place {
  /** JSON pointer of the body. */
  readonly pointer: string;
  /** Id of the state that the body is in. */
  readonly parent?: string;
}

function addBody(graph: Draft, body: JsonObject, { pointer, ...inside }: Place): void {
  const states = isObject(body["States"]) ? body["States"] : {};
  const idOf = (name: string): string => `${pointer}/States/${pointerSegment(name)}`;
  const start = `${pointer}/StartAt`;
  const end = `${pointer}/End`;
  graph.nodes.push({ id: start, name: "Start", type: "Start", ...inside });
  const first = idOf(textAt(body, "StartAt"));
  graph.edges.push({ source: start, target: first, kind: "next", label: "" });
  for (const [name, state] of Object.entries(states)) {
    if (!isObject(state)) continue;
    const id = idOf(name);
    graph.nodes.push({ ...nodeOf(state, { id, name }), ...inside });
    for (const target of targetsOf(state, ""))
      graph.edges.push({ source: id, target: idOf(target.name), ...meaningOf(state, target) });
    if (isEnd(state)) graph.edges.push({ source: id, target: end, kind: "next", label: "" });
    for (const inner of innerBodies(state, id))
      addBody(graph, inner.body, { pointer: inner.pointer, parent: id });
  }
  graph.nodes.push({ id: end, name: "End", type: "End", ...inside });
}

function nodeOf(state: JsonObject, at: { id: string; name: string }): GraphNode {
  const { Resource, Comment } = state;
  return {
    ...at,
    type: textAt(state, "Type"),
    ...(typeof Resource === "string" && { resource: Resource }),
    ...(typeof Comment === "string" && { comment: Comment }),
  };
}

function isEnd({ Type, End }: JsonObject): boolean {
  return End === true || Type === "Succeed" || Type === "Fail";
}

/** What a transition stands for: its pointer within the state says where it is written. */
function meaningOf(state: JsonObject, { pointer }: Target): Pick<GraphEdge, "kind" | "label"> {
  const [, field = "", index = ""] = pointer.split("/");
  const list = state[field];
  const rule = isArray(list) ? list[Number(index)] : undefined;
  if (field === "Choices") return { kind: "choice", label: clip(conditionOf(rule)) };
  if (field === "Catch") return { kind: "catch", label: clip(errorsOf(rule)) };
  return { kind: field === "Default" ? "default" : "next", label: "" };
}

function errorsOf(catcher: Json | undefined): string {
  const errors = isObject(catcher) ? catcher["ErrorEquals"] : undefined;
  return isArray(errors) ? errors.map(plainText).join(", ") : "";
}

/** ASL § Choice State, in one line: `$.total NumericGreaterThan 100 and not ($.vip IsPresent true)`. */
function conditionOf(rule: Json | undefined): string {
  if (!isObject(rule)) return "";
  const { Condition, And, Or, Not, Variable, Next: _, Comment: __, Assign: ___, ...rest } = rule;
  if (Condition !== undefined) return plainText(Condition).replace(/^\{%\s*|\s*%\}$/g, "");
  if (isArray(And)) return And.map(operandOf).join(" and ");
  if (isArray(Or)) return Or.map(operandOf).join(" or ");
  if (Not !== undefined) return `not ${operandOf(Not)}`;
  const [operator = "", value = null] = Object.entries(rest)[0] ?? [];
  return `${plainText(Variable ?? "")} ${operator} ${stringifyJson(value)}`;
}

function operandOf(rule: Json): string {
  const isNested = isObject(rule) && ["And", "Or"].some((name) => Object.hasOwn(rule, name));
  return isNested ? `(${conditionOf(rule)})` : conditionOf(rule);
}

const labelLengthMax = 120;

function clip(label: string): string {
  return label.length > labelLengthMax ? `${label.slice(0, labelLengthMax - 1)}…` : label;
}
