import { expect, test } from "vitest";
import { definitionGraph } from "../../../server/asl/index.ts";

const definition = `
StartAt: Ask
States:
  Ask:
    Type: Choice
    Choices:
      - { Variable: $.n, NumericGreaterThan: 3, Next: Work }
      - Not: { Or: [{ Variable: $.a, IsNull: true }, { Variable: $.b, StringEquals: "x" }] }
        Next: Work
    Default: Each
  Work:
    Type: Task
    Comment: hard
    Resource: work
    Catch: [{ ErrorEquals: [A, B], Next: No }]
    End: true
  Each:
    Type: Map
    ItemProcessor:
      StartAt: a/b
      States:
        a/b: { Type: Succeed }
    Next: Work
  "No": { Type: Fail }
`;

test("nodes are the states in order, with a Start and an End for every body", () => {
  expect(definitionGraph(definition).nodes).toEqual([
    { id: "/StartAt", name: "Start", type: "Start" },
    { id: "/States/Ask", name: "Ask", type: "Choice" },
    { id: "/States/Work", name: "Work", type: "Task", resource: "work", comment: "hard" },
    { id: "/States/Each", name: "Each", type: "Map" },
    {
      id: "/States/Each/ItemProcessor/StartAt",
      name: "Start",
      type: "Start",
      parent: "/States/Each",
    },
    {
      id: "/States/Each/ItemProcessor/States/a~1b",
      name: "a/b",
      type: "Succeed",
      parent: "/States/Each",
    },
    { id: "/States/Each/ItemProcessor/End", name: "End", type: "End", parent: "/States/Each" },
    { id: "/States/No", name: "No", type: "Fail" },
    { id: "/End", name: "End", type: "End" },
  ]);
});

test("edges are the transitions, and say under which condition", () => {
  const edges = definitionGraph(definition).edges.map(({ source, target, kind, label }) =>
    `${source} ${target} ${kind} ${label}`.trim(),
  );
  const processor = "/States/Each/ItemProcessor";
  expect(edges.toSorted()).toEqual(
    [
      "/StartAt /States/Ask next",
      "/States/Ask /States/Each default",
      "/States/Ask /States/Work choice $.n NumericGreaterThan 3",
      '/States/Ask /States/Work choice not ($.a IsNull true or $.b StringEquals "x")',
      "/States/Work /States/No catch A, B",
      "/States/Work /End next",
      "/States/Each /States/Work next",
      `${processor}/StartAt ${processor}/States/a~1b next`,
      `${processor}/States/a~1b ${processor}/End next`,
      "/States/No /End next",
    ].toSorted(),
  );
});
