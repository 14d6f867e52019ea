import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Arns } from "../../server/engine/arns.ts";
import { createControl } from "../../server/engine/control.ts";
import type { ControlOptions, ControlPlane } from "../../server/engine/control.ts";
import { Definitions } from "../../server/engine/definitions.ts";
import type { CreateStateMachine } from "../../server/engine/engine.ts";
import type { Store } from "../../server/store/open-store.ts";
import { createTestStore } from "../support/database.ts";
import { insertExecution } from "../support/executions.ts";

let store: Store;
let definitions: Definitions;
let control: ControlPlane;
beforeAll(async () => {
  store = await createTestStore();
  definitions = new Definitions(store);
  control = controlWith();
});
afterAll(() => store.close());

function controlWith(options: Partial<ControlOptions> = {}): ControlPlane {
  const arns = new Arns({ region: "us-east-1", accountId: "000000000000" });
  return createControl({
    store,
    arns,
    definitions,
    clock: { nowMs: () => Date.now() },
    limits: { historyEventsMax: 25_000 },
    ...options,
  });
}

const text = (comment: string): string =>
  JSON.stringify({ Comment: comment, StartAt: "A", States: { A: { Type: "Pass", End: true } } });
const arnOf = (name: string): string =>
  `arn:aws:states:us-east-1:000000000000:stateMachine:${name}`;
let names = 0;
const newName = (): string => `machine-${(names += 1)}`;
const make = (name: string, more: Partial<CreateStateMachine> = {}) =>
  control.createStateMachine({ name, definition: text("one"), ...more });

test("a created machine is described as it was sent, under its name and its ARN", async () => {
  const name = newName();
  const definition = ` ${text("kept\u2028 as it is")}\n`;
  const { stateMachine, created, warnings } = await control.createStateMachine({
    name,
    definition,
    roleArn: "arn:aws:iam::000000000000:role/r",
    description: "what for",
    labels: { team: "a" },
    logging: { level: "OFF" },
  });
  expect(created).toBe(true);
  expect(warnings).toEqual([]);
  expect(stateMachine).toMatchObject({
    name,
    arn: arnOf(name),
    type: "STANDARD",
    status: "ACTIVE",
    definition,
    definitionFormat: "JSON",
    roleArn: "arn:aws:iam::000000000000:role/r",
    description: "what for",
    labels: { team: "a" },
    logging: { level: "OFF" },
    updateCount: 0,
  });
  expect(stateMachine).not.toHaveProperty("tracing");
  expect(Math.abs(Date.now() - stateMachine.createdAtMs)).toBeLessThan(60_000);
  expect(await control.describeStateMachine(name)).toEqual(stateMachine);
  expect(await control.describeStateMachine(arnOf(name))).toEqual(stateMachine);
});

test("YAML is kept as YAML", async () => {
  const name = newName();
  const definition = "StartAt: A\nStates:\n  A: { Type: Pass, End: true }\n";
  const { stateMachine } = await control.createStateMachine({ name, definition });
  expect(stateMachine).toMatchObject({ definition, definitionFormat: "YAML" });
  expect(await definitions.get(stateMachine.revisionId)).toMatchObject({ startAt: "A" });
});

test("creating the same again is the same machine; role and labels do not count", async () => {
  const name = newName();
  const first = await make(name, { roleArn: "arn:aws:iam::000000000000:role/r" });
  const again = await make(name, {
    roleArn: "arn:aws:iam::000000000000:role/other",
    labels: { a: "b" },
  });
  expect(again).toEqual({ ...first, created: false });
});

test.each<{ change: string; more: Partial<CreateStateMachine> }>([
  { change: "text", more: { definition: text("two") } },
  { change: "white space", more: { definition: `${text("one")} ` } },
  { change: "type", more: { type: "EXPRESS" } },
  { change: "logging", more: { logging: { level: "ALL" } } },
  { change: "tracing", more: { tracing: { enabled: true } } },
])("the same name with another $change is refused in AWS's words", async ({ more }) => {
  const name = newName();
  await make(name);
  await expect(make(name, more)).rejects.toMatchObject({
    code: "StateMachineAlreadyExists",
    message: `State Machine Already Exists: '${arnOf(name)}'`,
  });
});

test("of many who create one name at once, one does and the others get the same machine", async () => {
  const name = newName();
  const results = await Promise.all(Array.from({ length: 12 }, () => make(name)));
  expect(results.filter(({ created }) => created)).toHaveLength(1);
  expect(new Set(results.map(({ stateMachine }) => stateMachine.id)).size).toBe(1);
  const { rows } = await store.pool.query(
    "select count(*)::int as revisions from state_machine_revisions where state_machine_id = $1",
    [results[0]!.stateMachine.id],
  );
  expect(rows).toEqual([{ revisions: 1 }]);
});

test("a wrong definition is refused with all that is wrong, and nothing is made", async () => {
  const name = newName();
  const definition = JSON.stringify({
    StartAt: "A",
    States: { A: { Type: "Pass", Next: "B" }, C: { Type: "Taks", End: true } },
  });
  const refused = await make(name, { definition }).catch((error: unknown) => error);
  expect(refused).toMatchObject({ code: "InvalidDefinition" });
  const { message, details } = refused as {
    message: string;
    details: { violations: { field: string; description: string }[] };
  };
  expect(message).toMatch(/^Invalid State Machine Definition: '/);
  expect(details.violations.length).toBeGreaterThan(1);
  expect(details.violations[0]).toMatchObject({
    field: "definition",
    description: expect.stringMatching(/^line \d+, column \d+: /),
  });
  await expect(control.describeStateMachine(name)).rejects.toMatchObject({
    code: "StateMachineDoesNotExist",
  });
});

test("validate only checks everything and changes nothing", async () => {
  const name = newName();
  const { stateMachine, created } = await make(name, { validateOnly: true });
  expect(created).toBe(false);
  expect(stateMachine.name).toBe(name);
  await expect(control.describeStateMachine(name)).rejects.toMatchObject({
    code: "StateMachineDoesNotExist",
    message: `State Machine Does Not Exist: '${name}'`,
  });
});

test.each([
  { change: "definition", update: { definition: text("two") } },
  { change: "role", update: { roleArn: "arn:aws:iam::000000000000:role/new" } },
  { change: "logging", update: { logging: { level: "ALL" } } },
  { change: "description", update: { description: "new" } },
  { change: "labels", update: { labels: { new: "label" } } },
])("an update of the $change makes a revision and leaves the rest", async ({ update }) => {
  const name = newName();
  const { stateMachine: before } = await make(name);
  const { stateMachine: after } = await control.updateStateMachine({
    reference: arnOf(name),
    ...update,
  });
  expect(after).toEqual({
    ...before,
    ...update,
    revisionId: after.revisionId,
    updateCount: 1,
    updatedAtMs: after.updatedAtMs,
  });
  expect(after.revisionId).not.toBe(before.revisionId);
  expect(after.updatedAtMs).toBeGreaterThanOrEqual(before.updatedAtMs);
  expect(await control.describeStateMachine(name)).toEqual(after);
  // Who started with the old one keeps it.
  expect(await definitions.get(before.revisionId)).toMatchObject({ comment: "one" });
});

test("an update that changes nothing keeps the revision", async () => {
  const name = newName();
  const { stateMachine } = await make(name, { labels: { a: "b", c: "d" } });
  const same = { definition: text("one"), labels: { c: "d", a: "b" } };
  expect((await control.updateStateMachine({ reference: name, ...same })).stateMachine).toEqual(
    stateMachine,
  );
});

test("an update with the etag of an older revision is refused", async () => {
  const name = newName();
  const { stateMachine } = await make(name);
  const { revisionId } = stateMachine;
  await control.updateStateMachine({ reference: name, description: "first", etag: revisionId });
  await expect(
    control.updateStateMachine({ reference: name, description: "second", etag: revisionId }),
  ).rejects.toMatchObject({
    code: "ConflictException",
    reason: "ETAG_MISMATCH",
  });
  expect((await control.describeStateMachine(name)).description).toBe("first");
});

test("of updates at once with one etag, one wins", async () => {
  const name = newName();
  const { stateMachine } = await make(name);
  const results = await Promise.allSettled(
    Array.from({ length: 6 }, (_, index) =>
      control.updateStateMachine({
        reference: name,
        description: `number ${index}`,
        etag: stateMachine.revisionId,
      }),
    ),
  );
  expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  expect((await control.describeStateMachine(name)).updateCount).toBe(1);
});

test("an update of what is not there is refused, or makes it when that is allowed", async () => {
  const name = newName();
  await expect(
    control.updateStateMachine({ reference: name, definition: text("one") }),
  ).rejects.toMatchObject({ code: "StateMachineDoesNotExist" });
  const { stateMachine } = await control.updateStateMachine({
    reference: name,
    definition: text("one"),
    type: "EXPRESS",
    allowMissing: true,
  });
  expect(stateMachine).toMatchObject({ name, type: "EXPRESS", updateCount: 0 });
  await expect(
    control.updateStateMachine({ reference: name, type: "STANDARD" }),
  ).rejects.toMatchObject({ reason: "TYPE_FIXED" });
});

test("a wrong definition in an update changes nothing", async () => {
  const name = newName();
  const { stateMachine } = await make(name);
  await expect(
    control.updateStateMachine({ reference: name, definition: "{}", description: "new" }),
  ).rejects.toMatchObject({ code: "InvalidDefinition" });
  expect(await control.describeStateMachine(name)).toEqual(stateMachine);
});

test("deleting what is not there resolves with nothing; of what is idle, it is gone and its name is free", async () => {
  const name = newName();
  expect(await control.deleteStateMachine(name)).toBeUndefined();
  expect(
    await control.deleteStateMachine("arn:aws:states:eu-west-1:000000000000:stateMachine:x"),
  ).toBeUndefined();
  const { stateMachine } = await make(name);
  await expect(control.deleteStateMachine(name, { etag: randomUUID() })).rejects.toMatchObject({
    reason: "ETAG_MISMATCH",
  });
  expect(await control.deleteStateMachine(name, { etag: stateMachine.revisionId })).toMatchObject({
    name,
    status: "DELETING",
  });
  await expect(control.describeStateMachine(name)).rejects.toMatchObject({
    code: "StateMachineDoesNotExist",
  });
  const { stateMachine: next } = await make(name, { definition: text("two") });
  expect(next.id).not.toBe(stateMachine.id);
});

test("a machine with running executions stays in deletion until the last has ended; nothing changes it meanwhile", async () => {
  const name = newName();
  const { stateMachine } = await make(name);
  const execution = await insertExecution(store, stateMachine, {});
  expect(await control.deleteStateMachine(name)).toMatchObject({ status: "DELETING" });
  expect(await control.describeStateMachine(name)).toMatchObject({ status: "DELETING" });
  await expect(make(name)).rejects.toMatchObject({ code: "StateMachineDeleting" });
  await expect(
    control.updateStateMachine({ reference: name, description: "x" }),
  ).rejects.toMatchObject({ code: "StateMachineDeleting" });
  await store.pool.query("update executions set status = 'SUCCEEDED' where id = $1", [
    execution.id,
  ]);
  await expect(control.describeStateMachine(name)).rejects.toMatchObject({
    code: "StateMachineDoesNotExist",
  });
  // The record is still read with the definition it ran with.
  expect(await control.describeStateMachineForExecution(execution.id)).toMatchObject({
    name,
    definition: text("one"),
    revisionId: stateMachine.revisionId,
    updateCount: 0,
  });
});

test("delete with force stops the executions, more than one batch of them", async () => {
  const name = newName();
  const { stateMachine } = await make(name);
  for (let count = 0; count < 3; count += 1) await insertExecution(store, stateMachine, {});
  const stopped: string[] = [];
  const forceful = controlWith({
    stopExecution: async (id, failure) => {
      stopped.push(failure.error ?? "");
      await store.pool.query("update executions set status = 'ABORTED' where id = $1", [id]);
    },
  });
  await expect(control.deleteStateMachine(name, { force: true })).rejects.toMatchObject({
    code: "NotImplemented",
  });
  await forceful.deleteStateMachine(name, { force: true });
  expect(stopped).toEqual(Array(3).fill("StateMachineDeleted"));
  await expect(control.describeStateMachine(name)).rejects.toMatchObject({
    code: "StateMachineDoesNotExist",
  });
});

test("machines are listed by name in pages, without their texts", async () => {
  const prefix = "zz-listed-";
  for (const letter of ["c", "a", "b"]) await make(`${prefix}${letter}`);
  const listed: string[] = [];
  let pageToken: string | undefined;
  do {
    const page = await control.listStateMachines({
      pageSize: 2,
      ...(pageToken !== undefined && { pageToken }),
    });
    expect(page.items.length).toBeLessThanOrEqual(2);
    for (const { name, definition } of page.items) {
      listed.push(name);
      expect(definition).toBe("");
    }
    pageToken = page.nextPageToken;
  } while (pageToken !== undefined);
  expect(listed.filter((name) => name.startsWith(prefix))).toEqual([
    `${prefix}a`,
    `${prefix}b`,
    `${prefix}c`,
  ]);
  expect(new Set(listed).size).toBe(listed.length);
  await expect(control.listStateMachines({ pageToken: "forged" })).rejects.toMatchObject({
    reason: "PAGE_TOKEN",
  });
});

test("an activity is made once, described, listed and deleted", async () => {
  const made = await control.createActivity({ name: "pack" });
  expect(made).toMatchObject({
    name: "pack",
    arn: "arn:aws:states:us-east-1:000000000000:activity:pack",
  });
  expect(await control.createActivity({ name: "pack", labels: { a: "b" } })).toEqual(made);
  expect(await control.describeActivity(made.arn)).toEqual(made);
  await control.createActivity({ name: "ship" });
  const first = await control.listActivities({ pageSize: 1 });
  expect(first.items).toEqual([made]);
  const second = await control.listActivities({ pageSize: 1, pageToken: first.nextPageToken! });
  expect(second).toEqual({ items: [expect.objectContaining({ name: "ship" })] });
  await control.deleteActivity(made.arn);
  await control.deleteActivity(made.arn);
  await expect(control.describeActivity(made.arn)).rejects.toMatchObject({
    code: "ActivityDoesNotExist",
    message: `Activity Does Not Exist: '${made.arn}'`,
  });
  await expect(control.createActivity({ name: "a b" })).rejects.toMatchObject({
    code: "InvalidName",
    message: "Invalid Name: 'a b'",
  });
});
