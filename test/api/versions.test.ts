import { afterAll, beforeAll, expect, test } from "vitest";
import { listen, type ApiServer } from "../../server/api/server.ts";
import { ExecutionService } from "../../server/gen/pawl/v1/execution_service_pb.ts";
import { StateMachineService } from "../../server/gen/pawl/v1/state_machine_service_pb.ts";
import { silentLog } from "../../server/observe/log.ts";
import { refused, testConfig, TestClient } from "../support/api-server.ts";
import { createEngines, type Engines } from "../support/engines.ts";

let engines: Engines;
let server: ApiServer;
let machines: TestClient<typeof StateMachineService>;
let executions: TestClient<typeof ExecutionService>;
beforeAll(async () => {
  engines = await createEngines();
  server = await listen({ config: testConfig, log: silentLog, engine: await engines.open() });
  machines = new TestClient(StateMachineService, `127.0.0.1:${server.port}`);
  executions = new TestClient(ExecutionService, `127.0.0.1:${server.port}`);
});
afterAll(async () => {
  machines.raw.close();
  executions.raw.close();
  await server.close(0);
  await engines.close();
});

const text = (comment: string): string =>
  JSON.stringify({ Comment: comment, StartAt: "A", States: { A: { Type: "Pass", End: true } } });

let names = 0;
/** A machine with version 1. */
async function published(): Promise<string> {
  const name = `machine-${(names += 1)}`;
  const { stateMachine } = await machines.call("createStateMachine", {
    stateMachine: { name, definition: text("1") },
    publish: true,
    versionDescription: "first",
  });
  expect(stateMachine).toMatchObject({ version: 1n, description: "first" });
  return name;
}

test("publish, list, get and delete versions", async () => {
  const name = await published();
  const updated = await machines.call("updateStateMachine", {
    stateMachine: { name, definition: text("2") },
    publish: true,
  });
  expect(updated.stateMachine?.version).toBe(2n);
  const again = await machines.call("publishStateMachineVersion", { stateMachine: name });
  expect(again.stateMachine?.version).toBe(2n);
  const first = await machines.call("listStateMachineVersions", {
    stateMachine: name,
    page: { pageSize: 1 },
  });
  expect(first.versions).toMatchObject([{ version: 2n, definition: "" }]);
  const second = await machines.call("listStateMachineVersions", {
    stateMachine: name,
    page: { pageSize: 1, pageToken: first.page!.nextPageToken },
  });
  expect(second).toMatchObject({ versions: [{ version: 1n }], page: { nextPageToken: "" } });
  const got = await machines.call("getStateMachine", { stateMachine: `${name}:1` });
  expect(got.stateMachine).toMatchObject({ version: 1n, definition: text("1") });
  await machines.call("deleteStateMachineVersion", { stateMachine: name, version: 1n });
  expect(
    await refused(machines.call("deleteStateMachineVersion", { stateMachine: name, version: 1n })),
  ).toMatchObject({ code: 5, reason: "VERSION_NOT_FOUND" });
});

test("an alias is put, started, listed and deleted", async () => {
  const name = await published();
  const routes = [{ version: 1n, weight: 100 }];
  const { alias } = await machines.call("putStateMachineAlias", {
    alias: { stateMachine: name, name: "live", description: "d", routes },
  });
  expect(alias).toMatchObject({ stateMachine: name, name: "live", description: "d", routes });
  const got = await machines.call("getStateMachine", { stateMachine: `${name}:live` });
  expect(got.stateMachine?.version).toBe(1n);
  const { execution } = await executions.call("startExecution", { stateMachine: `${name}:live` });
  expect(execution).toMatchObject({
    stateMachine: name,
    stateMachineVersion: 1n,
    stateMachineAlias: "live",
  });
  const replaced = await machines.call("putStateMachineAlias", {
    alias: { stateMachine: name, name: "live", routes, etag: alias!.etag },
  });
  expect(replaced.alias?.description).toBe("");
  expect(
    await refused(
      machines.call("putStateMachineAlias", {
        alias: { stateMachine: name, name: "live", routes, etag: alias!.etag },
      }),
    ),
  ).toMatchObject({ code: 10, reason: "ETAG_MISMATCH" });
  const { aliases } = await machines.call("listStateMachineAliases", { stateMachine: name });
  expect(aliases.map((one) => one.name)).toEqual(["live"]);
  await machines.call("deleteStateMachineAlias", { stateMachine: name, alias: "live" });
  expect(
    await refused(machines.call("deleteStateMachineAlias", { stateMachine: name, alias: "live" })),
  ).toMatchObject({ code: 5, reason: "ALIAS_NOT_FOUND" });
});

test.each([
  { what: "no alias", alias: undefined, reason: "FIELD_REQUIRED" },
  { what: "no name", alias: { stateMachine: "m" }, reason: "FIELD_REQUIRED" },
  {
    what: "version 0",
    alias: { stateMachine: "m", name: "a", routes: [{ version: 0n, weight: 100 }] },
    reason: "OUT_OF_RANGE",
  },
  {
    what: "a weight of 101",
    alias: { stateMachine: "m", name: "a", routes: [{ version: 1n, weight: 101 }] },
    reason: "OUT_OF_RANGE",
  },
  {
    what: "a name of digits",
    alias: { stateMachine: "m", name: "7", routes: [{ version: 1n, weight: 100 }] },
    reason: "NAME_INVALID",
  },
])("putting an alias with $what is refused: $reason", async ({ alias, reason }) => {
  const request = alias === undefined ? {} : { alias };
  expect(await refused(machines.call("putStateMachineAlias", request))).toMatchObject({
    code: 3,
    reason,
  });
});

test("a version's description without publish is refused", async () => {
  expect(
    await refused(
      machines.call("createStateMachine", {
        stateMachine: { name: "never", definition: text("1") },
        versionDescription: "d",
      }),
    ),
  ).toMatchObject({ code: 3, reason: "PUBLISH_REQUIRED" });
});

test("a version in use can not be deleted, nor another revision published than the present one", async () => {
  const name = await published();
  const routes = [{ version: 1n, weight: 100 }];
  await machines.call("putStateMachineAlias", {
    alias: { stateMachine: name, name: "live", routes },
  });
  expect(
    await refused(machines.call("deleteStateMachineVersion", { stateMachine: name, version: 1n })),
  ).toMatchObject({ code: 10, reason: "VERSION_IN_USE" });
  expect(
    await refused(
      machines.call("publishStateMachineVersion", { stateMachine: name, revisionId: "other" }),
    ),
  ).toMatchObject({ code: 10, reason: "REVISION_MISMATCH" });
});
