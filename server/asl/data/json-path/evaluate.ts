/** Follows a path through a document, with a bound on the work. */
import type { Json } from "../../json.ts";
import { isArray, isObject } from "../../json.ts";
import { StatesError } from "../../states-error.ts";
import { testFilter } from "./filter.ts";
import { callFunction } from "./functions.ts";
import type { Search } from "./search.ts";
import type { ParsedPath, Segment } from "./segment.ts";
import { isDefinite } from "./segment.ts";

/** Nodes that a path with `..` may find. Other paths find no more than their document has. */
export const resultNodesMax = 10_000;

/** Nodes that one evaluation may look at, filters included. */
export const visitedNodesMax = 300_000;

/** @param root what `$` names inside filters. */
export function newSearch(root: Json): Search {
  const search: Search = {
    root,
    visitsLeft: visitedNodesMax,
    find: (path, from) => evaluatePath(path, from, search),
  };
  return search;
}

/** The value a definite path names, or the list an indefinite one finds; `undefined` if there is none. */
export function evaluatePath(path: ParsedPath, from: Json, search: Search): Json | undefined {
  const value = isDefinite(path) ? follow(path.segments, from) : findAll(path, from, search);
  return path.functionName === undefined || value === undefined
    ? value
    : callFunction(path.functionName, value);
}

/** Follows keys and indexes only. The hot path: no allocation. */
export function follow(segments: readonly Segment[], from: Json): Json | undefined {
  let node: Json | undefined = from;
  for (const segment of segments) {
    switch (segment.kind) {
      case "Key":
        node = isObject(node) && Object.hasOwn(node, segment.key) ? node[segment.key] : undefined;
        break;
      case "Index":
        node = isArray(node) ? node.at(segment.index) : undefined;
        break;
      case "Keys":
        node = isObject(node) ? picked(node, segment.keys) : undefined;
        break;
      default:
        throw new Error(`segment ${segment.kind} is not definite`);
    }
    if (node === undefined) return undefined;
  }
  return node;
}

/** `['a','b']` at the end of a path: an object of the keys that are there. */
function picked(node: { readonly [key: string]: Json }, keys: readonly string[]): Json {
  return Object.fromEntries(
    keys.filter((key) => Object.hasOwn(node, key)).map((key) => [key, node[key] ?? null]),
  );
}

function findAll({ segments }: ParsedPath, from: Json, search: Search): Json[] {
  let nodes: readonly Json[] = [from];
  let isBounded = true;
  for (let at = 0; at < segments.length; at += 1) {
    const segment = segments[at]!;
    const found: Json[] = [];
    const isDescent = segment.kind === "Descendants";
    isBounded &&= !isDescent;
    const next = isDescent ? segments[(at += 1)]! : segment;
    const emit = (node: Json): void => {
      if (!isBounded && found.length >= resultNodesMax) {
        throw new StatesError(
          "States.Runtime",
          `the path finds more than the limit of ${resultNodesMax} nodes`,
        );
      }
      found.push(node);
    };
    for (const node of nodes) {
      if (isDescent) descend(node, next, search, emit);
      else select(node, next, search, emit);
    }
    nodes = found;
  }
  return [...nodes];
}

type Emit = (node: Json) => void;

/** Applies `next` to the node and to every object and array below it, outer ones first. */
function descend(node: Json, next: Segment, search: Search, emit: Emit): void {
  if (isArray(node)) {
    // A filter picks objects; those in an array are tested when their turn comes.
    if (next.kind !== "Filter") select(node, next, search, emit);
    for (const item of node) descend(item, next, search, emit);
  } else if (isObject(node)) {
    select(node, next, search, emit);
    for (const key of Object.keys(node)) descend(node[key] ?? null, next, search, emit);
  }
}

function select(node: Json, segment: Segment, search: Search, emit: Emit): void {
  visit(search, 1);
  switch (segment.kind) {
    case "Key":
      if (isObject(node) && Object.hasOwn(node, segment.key)) emit(node[segment.key] ?? null);
      return;
    case "Keys":
      for (const key of segment.keys)
        if (isObject(node) && Object.hasOwn(node, key)) emit(node[key] ?? null);
      return;
    case "Index":
      emitAt(node, segment.index, emit);
      return;
    case "Indexes":
      for (const index of segment.indexes) emitAt(node, index, emit);
      return;
    case "Slice":
      if (isArray(node)) node.slice(segment.start, segment.end).forEach(emit);
      return;
    case "Wildcard":
      children(node, search).forEach(emit);
      return;
    case "Filter":
      for (const item of isArray(node) ? node : [node]) {
        visit(search, 1);
        if (testFilter(segment.test, item, search)) emit(item);
      }
      return;
    case "Descendants":
      throw new Error("Descendants is followed by its selector");
  }
}

function emitAt(node: Json, index: number, emit: Emit): void {
  const item = isArray(node) ? node.at(index) : undefined;
  if (item !== undefined) emit(item);
}

function children(node: Json, search: Search): readonly Json[] {
  const found = isArray(node) ? node : isObject(node) ? Object.values(node) : [];
  visit(search, found.length);
  return found;
}

function visit(search: Search, nodes: number): void {
  search.visitsLeft -= nodes;
  if (search.visitsLeft < 0) {
    throw new StatesError(
      "States.Runtime",
      `the path looks at more than the limit of ${visitedNodesMax} nodes`,
    );
  }
}
