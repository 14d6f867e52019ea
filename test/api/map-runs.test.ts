import { afterEach, beforeEach, expect, test } from "vitest";
import {
  ExecutionService,
  ExecutionStatus,
} from "../../server/gen/pawl/v1/execution_service_pb.ts";
import { refused, startApi, type TestClient, type TestServer } from "../support/api-server.ts";

let api: TestServer;
let client: TestClient<typeof ExecutionService>;
beforeEach(async () => {
  api = await startApi();
  client = api.client(ExecutionService);
});
afterEach(() => api[Symbol.asyncDispose]());

test("GetMapRun shows limits and counts", async () => {
  const { mapRun } = await client.call("getMapRun", { mapRun: "run" });
  expect(mapRun).toMatchObject({
    id: "run",
    execution: "exec-0",
    status: ExecutionStatus.RUNNING,
    maxConcurrency: 2,
    itemCounts: { pending: 1n, running: 2n, succeeded: 3n, total: 6n },
  });
});

test("ListMapRuns has no counts", async () => {
  const { mapRuns } = await client.call("listMapRuns", { execution: "exec-0" });
  expect(mapRuns.map(({ id, itemCounts }) => ({ id, itemCounts }))).toEqual([
    { id: "run", itemCounts: undefined },
  ]);
});

test("UpdateMapRun changes what is there, zero included", async () => {
  const { mapRun } = await client.call("updateMapRun", {
    mapRun: "run",
    maxConcurrency: 0,
    toleratedFailureCount: 5n,
  });
  expect(mapRun).toMatchObject({ maxConcurrency: 0, toleratedFailureCount: 5n });
});

test.each([
  ["getMapRun", {}, ["map_run"]],
  ["listMapRuns", {}, ["execution"]],
  [
    "updateMapRun",
    { mapRun: "run", maxConcurrency: -1, toleratedFailurePercentage: 101 },
    ["max_concurrency", "tolerated_failure_percentage"],
  ],
] as const)("%s %o is refused", async (method, request, violations) => {
  expect(await refused(client.call(method, request))).toMatchObject({ code: 3, violations });
});
