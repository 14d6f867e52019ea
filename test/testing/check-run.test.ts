import { describe, expect, test } from "vitest";
import { differences } from "../../server/testing/differences.ts";
import { mismatchesOf } from "../support/testing.ts";
import type { Comparison } from "../../server/testing/differences.ts";
import type { Json } from "../../server/asl/index.ts";
import type { Expectation } from "../../server/testing/test-file.ts";

const charge = {
  StartAt: "Charge",
  States: { Charge: { Type: "Task", Resource: "work", End: true } },
};
const definition = {
  StartAt: "Each",
  States: {
    Each: {
      Type: "Map",
      ItemProcessor: charge,
      Assign: { count: 2, "sum.$": "$[0]" },
      Next: "Rest",
    },
    Rest: { Type: "Wait", Seconds: 90, End: true },
  },
};
const failing = {
  StartAt: "F",
  States: { F: { Type: "Fail", Error: "Bad", Cause: "it is 12 too many" } },
};
const mocks = { Charge: { result: 5 } };

describe("a case is in order when", () => {
  test.each<{ rule: string; of?: unknown; expected: Expectation | undefined }>([
    { rule: "nothing is expected and it succeeds", expected: undefined },
    { rule: "the status is the expected one", expected: { status: "SUCCEEDED" } },
    { rule: "any status will do", of: failing, expected: { status: "ANY" } },
    { rule: "the output is equal", expected: { output: [5, 5.0] } },
    { rule: "the error is, and no status is named", of: failing, expected: { error: "Bad" } },
    { rule: "the cause is, word for word", of: failing, expected: { cause: "it is 12 too many" } },
    {
      rule: "the cause has the pattern in it",
      of: failing,
      expected: { causeMatches: "\\d+ too" },
    },
    { rule: "the states are entered in order", expected: { path: ["Each", "Rest"] } },
    { rule: "a star is any number of states", expected: { path: ["*", "Each", "*", "Rest", "*"] } },
    { rule: "a star gives back what comes after it", expected: { path: ["*", "Rest"] } },
    {
      rule: "every item goes the way",
      expected: { paths: { "Each[*]": ["Charge"], "Each[1]": ["*"] } },
    },
    { rule: "variables are, whatever others there are", expected: { variables: { sum: 5 } } },
    { rule: "so much virtual time went by", expected: { durationSeconds: 90 } },
    {
      rule: "there are so many events",
      expected: { events: { MapIterationStarted: 2, TaskFailed: 0 } },
    },
    {
      rule: "tasks were tried so often",
      expected: { calls: { Charge: 2, work: 2, "Each[0]/Charge": 1 } },
    },
    { rule: "tasks had these inputs", expected: { calls: { Charge: [1, 2] } } },
  ])("$rule", async ({ of = definition, expected }) => {
    const expectation = expected === undefined ? {} : { expect: expected };
    expect(await mismatchesOf(of, { input: [1, 2], mocks, ...expectation })).toEqual([]);
  });
});

describe("what came out otherwise is said", () => {
  test.each<{ of?: unknown; expected: Expectation; said: string }>([
    {
      of: failing,
      expected: {},
      said: "status: expected SUCCEEDED, got FAILED: Bad: it is 12 too many (in F)",
    },
    { expected: { error: "Bad" }, said: "status: expected a failure, got SUCCEEDED" },
    { of: failing, expected: { error: "Worse" }, said: "error: expected Worse, got Bad" },
    {
      of: failing,
      expected: { cause: "no" },
      said: 'cause: expected "no", got "it is 12 too many"',
    },
    {
      of: failing,
      expected: { causeMatches: "^12" },
      said: 'causeMatches: /^12/ finds nothing in "it is 12 too many"',
    },
    { expected: { output: [5, 6] }, said: "output: /1: expected 6, got 5" },
    { expected: { outputMatches: [{}, 5] }, said: "outputMatches: /0: expected {}, got 5" },
    { expected: { path: ["Each"] }, said: "path: expected Each, got Each > Rest" },
    { expected: { path: ["*", "Each"] }, said: "path: expected * > Each, got Each > Rest" },
    {
      expected: { paths: { "Each[0]": ["Rest"] } },
      said: "paths.Each[0]: expected Rest, got Charge",
    },
    {
      expected: { paths: { "Each[7]": ["Charge"] } },
      said: "paths.Each[7]: the execution was never there",
    },
    { expected: { variables: { count: 3 } }, said: "variables.count: expected 3, got 2" },
    { expected: { variables: { no: 1 } }, said: "variables.no: expected 1, but it is missing" },
    { expected: { durationSeconds: 9 }, said: "durationSeconds: expected 9, got 90" },
    { expected: { events: { TaskFailed: 1 } }, said: "events.TaskFailed: expected 1, got 0" },
    { expected: { calls: { Charge: 1 } }, said: "calls.Charge: expected 1, got 2, with [1,2]" },
    { expected: { calls: { Charge: [1, 3] } }, said: "calls.Charge: /1: expected 3, got 2" },
  ])("$said", async ({ of = definition, expected, said }) => {
    expect(await mismatchesOf(of, { input: [1, 2], mocks, expect: expected })).toEqual([said]);
  });

  test("mocks that do not fit are the only thing that is said", async () => {
    expect(await mismatchesOf(definition, { input: [1], expect: { path: [] } })).toEqual([
      "mocks: no mock answers Each[0]/Charge, whose resource is work",
    ]);
  });
});

describe("differences", () => {
  test.each<{ rule: string; expected: Json; actual: Json; how?: Comparison; lines: string[] }>([
    {
      rule: "the order of keys is none",
      expected: { a: 1, b: 2 },
      actual: { b: 2, a: 1 },
      lines: [],
    },
    {
      rule: "a key too few",
      expected: { a: { b: 1 } },
      actual: { a: {} },
      lines: ["/a/b: expected 1, but it is missing"],
    },
    {
      rule: "a key too many",
      expected: {},
      actual: { "a/b": [1] },
      lines: ["/a~1b: unexpected [1]"],
    },
    { rule: "a part may lack keys", expected: {}, actual: { a: 1 }, how: "Part", lines: [] },
    {
      rule: "a part may not lack items",
      expected: [],
      actual: [1],
      how: "Part",
      lines: ["expected [], got [1]"],
    },
    {
      rule: "parts of items",
      expected: [{ a: 1 }],
      actual: [{ a: 1, b: 2 }],
      how: "Part",
      lines: [],
    },
    {
      rule: "a null is not nothing",
      expected: { a: null },
      actual: {},
      lines: ["/a: expected null, but it is missing"],
    },
    { rule: "kinds differ", expected: [1], actual: { 0: 1 }, lines: ['expected [1], got {"0":1}'] },
    {
      rule: "all are told",
      expected: [1, 2, 3],
      actual: [0, 2, 0],
      lines: ["/0: expected 1, got 0", "/2: expected 3, got 0"],
    },
  ])("$rule", ({ expected, actual, how = "Exact", lines }) => {
    expect(differences(expected, actual, how)).toEqual(lines);
  });

  test("long values are clipped", () => {
    const [line] = differences("x".repeat(1000), 1, "Exact");
    expect(line?.length).toBeLessThan(350);
  });
});
