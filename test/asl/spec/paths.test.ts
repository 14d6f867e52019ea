/** ASL § Paths, § Reference Paths, § Payload Template, § Intrinsic Functions, clause by clause. */
import { expect, test } from "vitest";
import { runInMemory } from "../../support/asl/run-in-memory.ts";
import { machine } from "../../support/asl/builders.ts";
import type { Json, JsonObject } from "../../../server/asl/index.ts";

const input = { store: { book: [{ price: 8 }, { price: 12 }], "odd key": "o" }, seconds: 0 };

async function outputOf(state: JsonObject): Promise<Json> {
  const { execution } = await runInMemory(machine({ Type: "Pass", ...state }), { input });
  expect(execution.status).toBe("SUCCEEDED");
  return JSON.parse(execution.output ?? "") as Json;
}

test.each([
  [
    "a Path begins with $ and identifies components within the JSON text",
    { InputPath: "$.store.book[1].price" },
    12,
  ],
  ["a Path may be in bracket notation", { InputPath: "$['store']['odd key']" }, "o"],
  ["a Path may yield several values, as a list", { InputPath: "$.store.book[*].price" }, [8, 12]],
  [
    "a Path that begins with $$ is applied to the context object",
    { InputPath: "$$.State.Name" },
    "S",
  ],
  ["a Path of a list that finds nothing is an empty list", { InputPath: "$.store.none[*]" }, []],
  [
    "a Reference Path may name a place that is not there yet",
    { Result: 1, ResultPath: "$.new.place" },
    { ...input, new: { place: 1 } },
  ],
  [
    "a Payload Template's .$ field loses its .$ and gets what the Path selects",
    { Parameters: { "p.$": "$.store.book[0].price" } },
    { p: 8 },
  ],
  [
    "a Payload Template's other fields stay as they are",
    { Parameters: { p: "$.store" } },
    { p: "$.store" },
  ],
  [
    "a Payload Template is filled at every depth, within arrays too",
    { Parameters: { a: [{ b: { "c.$": "$.seconds" } }] } },
    { a: [{ b: { c: 0 } }] },
  ],
  [
    "a .$ field that does not begin with $ is an Intrinsic Function",
    { Parameters: { "p.$": "States.Format('{} books', States.ArrayLength($.store.book))" } },
    { p: "2 books" },
  ],
  [
    "the escapes \\', \\{, \\} and \\\\ stand for themselves",
    { Parameters: { "p.$": "States.Format('\\'\\{\\}\\\\{}', 1)" } },
    { p: "'{}\\1" },
  ],
] as [string, JsonObject, Json][])("%s", async (_clause, state, expected) => {
  expect(await outputOf(state)).toEqual(expected);
});

test.each([
  [
    "a Path that names nothing",
    { InputPath: "$.none" },
    "Invalid path '$.none' : No results for path: $['none']",
  ],
  [
    "a Path below nothing",
    { OutputPath: "$.none.x" },
    "Invalid path '$.none.x' : Missing property in path $['none']",
  ],
  [
    "a template field that names nothing",
    { Parameters: { "p.$": "$.none" } },
    `The JSONPath '$.none' specified for the field 'p.$' could not be found in the input '${JSON.stringify(input)}'`,
  ],
] as [string, JsonObject, string][])(
  "%s fails the execution with States.Runtime",
  async (_clause, state, cause) => {
    const { execution } = await runInMemory(machine({ Type: "Pass", ...state }), { input });
    expect(execution.failure).toEqual({
      error: "States.Runtime",
      cause: `An error occurred while executing the state 'S' (entered at the event id #2). ${cause}`,
    });
  },
);
