import { expect, test } from "vitest";
import { Coverage } from "../../server/testing/coverage.ts";
import { runCase } from "../../server/testing/run-case.ts";
import { readyCase } from "../support/testing.ts";
import type { MockTable } from "../../server/testing/test-file.ts";

const work = {
  Type: "Task",
  Resource: "work",
  Retry: [{ ErrorEquals: ["Busy"], MaxAttempts: 1 }, { ErrorEquals: ["Slow"] }],
  Catch: [
    { ErrorEquals: ["Busy"], Next: "Caught" },
    { ErrorEquals: ["States.ALL"], Next: "Caught" },
  ],
  Next: "Check",
};
function bodyOf(name: string): object {
  return { StartAt: name, States: { [name]: { Type: "Pass", End: true } } };
}

const definition = {
  StartAt: "Work",
  States: {
    Work: work,
    Check: {
      Type: "Choice",
      Choices: [
        { Variable: "$.a", IsPresent: true, Next: "Each" },
        { Variable: "$.b", IsPresent: true, Next: "Each" },
      ],
      Default: "Each",
    },
    Each: { Type: "Map", ItemsPath: "$.items", ItemProcessor: bodyOf("Item"), Next: "Both" },
    Both: { Type: "Parallel", Branches: [bodyOf("Left"), bodyOf("Right")], End: true },
    Caught: { Type: "Fail" },
  },
};

async function reachedBy(...tables: readonly MockTable[]): Promise<readonly string[]> {
  const ready = readyCase(definition);
  const coverage = new Coverage(ready.definition);
  for (const mocks of tables) await runCase({ ...ready, mocks: [mocks] }, coverage.visited);
  return coverage.items().flatMap(({ pointer, isReached }) => (isReached ? [pointer] : []));
}

const after = ["/States/Each", "/States/Each/ItemProcessor/States/Item", "/States/Both"];
const branches = ["/States/Both/Branches/0/States/Left", "/States/Both/Branches/1/States/Right"];

test("states count by where they are, rules by their place in the state", async () => {
  const result = { b: 1, items: [1] };
  expect(await reachedBy({ Work: { result } })).toEqual([
    "/States/Work",
    "/States/Check",
    "/States/Check/Choices/1",
    ...after,
    ...branches,
  ]);
});

test("an empty Map reaches no state in it, and no rule that holds is Default", async () => {
  expect(await reachedBy({ Work: { result: { items: [] } } })).toEqual([
    "/States/Work",
    "/States/Check",
    "/States/Check/Default",
    "/States/Each",
    "/States/Both",
    ...branches,
  ]);
});

test("a Retrier counts when it retries, a Catcher when it catches", async () => {
  expect(await reachedBy({ Work: { error: "Busy" } })).toEqual([
    "/States/Work",
    "/States/Work/Retry/0",
    "/States/Work/Catch/0",
    "/States/Caught",
  ]);
  expect(await reachedBy({ Work: { error: "Other" } })).toEqual([
    "/States/Work",
    "/States/Work/Catch/1",
    "/States/Caught",
  ]);
});

test("cases add up, and all there is to reach is listed", async () => {
  expect(
    await reachedBy({ Work: { error: "Busy" } }, { Work: { result: { a: 1, items: [1] } } }),
  ).toHaveLength(11);
  expect(new Coverage(readyCase(definition).definition).items()).toHaveLength(15);
});
