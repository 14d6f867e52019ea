import { afterEach, beforeEach, expect, test } from "vitest";
import { StateMachineService } from "../../server/gen/pawl/v1/state_machine_service_pb.ts";
import { refused, startApi, type TestServer } from "../support/api-server.ts";

let api: TestServer;
beforeEach(async () => {
  api = await startApi();
});
afterEach(() => api[Symbol.asyncDispose]());

test("create, get, list, update with etag, delete", async () => {
  const client = api.client(StateMachineService);
  const made = await client.call("createStateMachine", {
    stateMachine: { name: "m", definition: "good" },
  });
  expect(made).toMatchObject({
    created: true,
    stateMachine: { name: "m", etag: "r1", definition: "good" },
  });
  const stale = await refused(
    client.call("updateStateMachine", {
      stateMachine: { name: "m", definition: "b", etag: "old" },
    }),
  );
  expect(stale).toMatchObject({ code: 10, reason: "ETAG_MISMATCH" });
  await client.call("updateStateMachine", {
    stateMachine: { name: "m", definition: "b", description: "d", etag: "r1" },
    updateMask: { paths: ["definition"] },
  });
  expect(api.engine.updates.at(-1)).toEqual({ reference: "m", definition: "b", etag: "r1" });
  const { stateMachines } = await client.call("listStateMachines", {});
  expect(stateMachines.find(({ name }) => name === "m")?.definition).toBe("");
  expect(
    (await client.call("getStateMachine", { stateMachine: "m" })).stateMachine?.definition,
  ).toBe("b");
  await client.call("deleteStateMachine", { stateMachine: "m" });
  expect(await refused(client.call("deleteStateMachine", { stateMachine: "m" }))).toMatchObject({
    code: 5,
  });
});

test("validation answers diagnostics, cut as asked", async () => {
  const client = api.client(StateMachineService);
  const all = await client.call("validateDefinition", { definition: "bad" });
  expect(all).toMatchObject({
    valid: false,
    truncated: false,
    diagnostics: [
      {
        code: "UNKNOWN_STATE",
        location: "/States/A/Next",
        line: 3,
        column: 7,
        suggestion: 'did you mean "A"?',
      },
      {},
    ],
  });
  expect(
    await client.call("validateDefinition", { definition: "bad", maxResults: 1 }),
  ).toMatchObject({ truncated: true, diagnostics: [{}] });
  expect(
    (await client.call("validateDefinition", { definition: "bad", minSeverity: 1 })).diagnostics,
  ).toHaveLength(1);
  expect((await client.call("validateDefinition", { definition: "good" })).valid).toBe(true);
});

test.each([
  { request: {}, field: "state_machine" },
  { request: { stateMachine: {} }, field: "state_machine.name" },
  { request: { stateMachine: { name: "a", type: 999 as 1 } }, field: "state_machine.type" },
  {
    request: { stateMachine: { name: "a" }, updateMask: { paths: ["nope"] } },
    field: "update_mask",
  },
  {
    request: { stateMachine: { name: "a" }, updateMask: { paths: ["name"] } },
    field: "update_mask",
  },
])("an update with a wrong $field is refused", async ({ request, field }) => {
  expect(
    await refused(api.client(StateMachineService).call("updateStateMachine", request)),
  ).toMatchObject({ code: 3, violations: [field] });
});

test("a name that the engine refuses carries its violation", async () => {
  const refusal = await refused(
    api
      .client(StateMachineService)
      .call("createStateMachine", { stateMachine: { name: "bad name", definition: "{}" } }),
  );
  expect(refusal).toMatchObject({ code: 3, reason: "NAME_INVALID", violations: ["name"] });
});
