import { afterEach, beforeEach, expect, test } from "vitest";
import type { MapRun, MapRunChange } from "../../../server/engine/engine.ts";
import { TestAwsDoor } from "../../support/aws-door.ts";
import { fakeEngine } from "../../support/fake-engine.ts";

const prefix = "arn:aws:states:us-east-1:000000000000";
const mapRunArn = `${prefix}:mapRun:orders/each:4e1f3c9a-5b0d-4b3e-9a53-d1d2c0a4b6f7`;
const executionArn = `${prefix}:execution:orders:one`;
const counts = { pending: 1, running: 2, succeeded: 3, failed: 4, timedOut: 5, aborted: 6 };
const run: MapRun = {
  id: "4e1f3c9a-5b0d-4b3e-9a53-d1d2c0a4b6f7",
  arn: mapRunArn,
  executionId: "e",
  executionArn,
  stateMachineArn: `${prefix}:stateMachine:orders/each`,
  status: "RUNNING",
  maxConcurrency: 7,
  toleratedFailureCount: 0,
  toleratedFailurePercentage: 12.5,
  startedAtMs: 1_700_000_000_123,
  redrive: { count: 2, timeMs: 1_700_000_000_456 },
  itemCounts: { ...counts, total: 21, resultsWritten: 0, pendingRedrive: 0 },
  executionCounts: { ...counts, total: 21, resultsWritten: 0, pendingRedrive: 0 },
};

let changes: MapRunChange[];
let door: TestAwsDoor;
beforeEach(async () => {
  changes = [];
  door = await TestAwsDoor.open(
    fakeEngine({
      describeMapRun: async () => run,
      listMapRuns: async () => ({ items: [run], nextPageToken: "more" }),
      updateMapRun: async (_reference, change) => {
        changes.push(change);
        return run;
      },
    }),
  );
});
afterEach(() => door.close());

test("DescribeMapRun has AWS's fields", async () => {
  expect((await door.call("DescribeMapRun", { mapRunArn })).body).toEqual({
    mapRunArn,
    executionArn,
    status: "RUNNING",
    startDate: 1_700_000_000.123,
    maxConcurrency: 7,
    toleratedFailureCount: 0,
    toleratedFailurePercentage: 12.5,
    itemCounts: run.itemCounts,
    executionCounts: run.executionCounts,
    redriveCount: 2,
    redriveDate: 1_700_000_000.456,
  });
});

test("ListMapRuns names the machine of the children", async () => {
  expect((await door.call("ListMapRuns", { executionArn })).body).toEqual({
    mapRuns: [
      {
        executionArn,
        mapRunArn,
        stateMachineArn: `${prefix}:stateMachine:orders/each`,
        startDate: 1_700_000_000.123,
      },
    ],
    nextToken: "more",
  });
});

test("UpdateMapRun changes what it is given, fractions of a percent included", async () => {
  const change = { maxConcurrency: 3, toleratedFailurePercentage: 0.5 };
  expect((await door.call("UpdateMapRun", { mapRunArn, ...change })).body).toEqual({});
  expect(changes).toEqual([change]);
});

test.each([
  [
    "DescribeMapRun",
    { mapRunArn: executionArn },
    "InvalidArn: Invalid Arn: 'Resource type not valid in this context: execution'",
  ],
  ["DescribeMapRun", { mapRunArn: "m" }, "InvalidArn: Invalid Arn: 'Invalid ARN prefix: m'"],
  [
    "UpdateMapRun",
    { mapRunArn, maxConcurrency: -1 },
    "ValidationException: 1 validation error detected: Value '-1' at 'maxConcurrency' failed to satisfy constraint: Member must have value greater than or equal to 0",
  ],
  [
    "UpdateMapRun",
    { mapRunArn, toleratedFailurePercentage: 101 },
    "ValidationException: 1 validation error detected: Value '101' at 'toleratedFailurePercentage' failed to satisfy constraint: Member must have value less than or equal to 100",
  ],
  [
    "UpdateMapRun",
    { mapRunArn },
    "MissingRequiredParameter: Must specify at least one of maxConcurrency, toleratedFailureCount, toleratedFailurePercentage",
  ],
])("%s %o is refused", async (operation, fields, refusal) => {
  expect(await door.refusal(operation, fields)).toBe(refusal);
});
