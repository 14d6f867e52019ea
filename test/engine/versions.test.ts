import { afterAll, beforeAll, expect, test } from "vitest";
import type { Route, StateMachine } from "../../server/engine/engine.ts";
import { EngineError } from "../../server/engine/errors.ts";
import { createEngines, endOf, historyOf } from "../support/engines.ts";
import type { Engines, TestEngine } from "../support/engines.ts";

let engines: Engines;
let engine: TestEngine;
/** On the same database, with caches of its own. */
let other: TestEngine;
beforeAll(async () => {
  engines = await createEngines();
  engine = await engines.open();
  other = await engines.open();
});
afterAll(() => engines.close());

const text = (result: unknown): string =>
  JSON.stringify({ StartAt: "P", States: { P: { Type: "Pass", Result: result, End: true } } });
const role = (name: string): string => `arn:aws:iam::000000000000:role/${name}`;

let names = 0;
/** A machine whose versions 1, 2, ... give their own numbers as output. */
async function machineWith(versions: number): Promise<string> {
  const name = `versioned-${(names += 1)}`;
  await engine.createStateMachine({ name, definition: text(0), roleArn: role("v0") });
  for (let version = 1; version <= versions; version += 1) await changeAndPublish(name, version);
  return name;
}

async function changeAndPublish(name: string, number: number): Promise<StateMachine> {
  await engine.updateStateMachine({
    reference: name,
    definition: text(number),
    roleArn: role(`v${number}`),
  });
  return engine.publishStateMachineVersion({ reference: name });
}

const alias = (stateMachine: string, name: string, ...routes: readonly Route[]) =>
  engine.updateStateMachineAlias({ stateMachine, name, routes, allowMissing: true });

async function outputOf(reference: string, on = engine): Promise<string | undefined> {
  const { execution } = await on.startExecution({ stateMachine: reference });
  return (await endOf(on, execution.id)).output;
}

async function refusal(promise: Promise<unknown>): Promise<string> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof EngineError)) throw new Error("it was not refused", { cause: error });
  return `${error.code}: ${error.message}`;
}

test("versions count from 1, a revision has one number, and numbers are not given again", async () => {
  const name = await machineWith(2);
  const again = await engine.publishStateMachineVersion({ reference: name, description: "other" });
  expect(again).toMatchObject({ version: 2, description: "" });
  expect(await engine.deleteStateMachineVersion(`${name}:2`)).toBe(true);
  expect(await engine.deleteStateMachineVersion(`${name}:2`)).toBe(false);
  expect(await engine.publishStateMachineVersion({ reference: name })).toMatchObject({
    version: 3,
  });
});

test("a version keeps text, role and settings of its time, whatever becomes of the head", async () => {
  const name = await machineWith(1);
  await changeAndPublish(name, 2);
  expect(await engine.describeStateMachine(`${name}:1`)).toMatchObject({
    name,
    version: 1,
    arn: `arn:aws:states:us-east-1:000000000000:stateMachine:${name}:1`,
    definition: text(1),
    roleArn: role("v1"),
  });
  expect((await engine.describeStateMachine(name)).version).toBeUndefined();
});

test("publishing with a revision id refuses another revision, and names the present one", async () => {
  const name = await machineWith(0);
  await engine.publishStateMachineVersion({ reference: name, revisionId: "INITIAL" });
  const { revisionId: first } = await engine.describeStateMachine(name);
  await changeAndPublish(name, 1);
  const { revisionId: second } = await engine.describeStateMachine(name);
  expect(
    await refusal(engine.publishStateMachineVersion({ reference: name, revisionId: first })),
  ).toBe(
    `ConflictException: Failed to publish the State Machine version for revision ${first}. The current State Machine revision is ${second}.`,
  );
});

test("versions are listed newest first, page by page", async () => {
  const name = await machineWith(5);
  const seen: (number | undefined)[] = [];
  let pageToken: string | undefined;
  do {
    const page = await engine.listStateMachineVersions(name, {
      pageSize: 2,
      ...(pageToken !== undefined && { pageToken }),
    });
    seen.push(...page.items.map(({ version }) => version));
    pageToken = page.nextPageToken;
  } while (pageToken !== undefined);
  expect(seen).toEqual([5, 4, 3, 2, 1]);
});

test("a start runs the head, the version or what the alias routes to, and the record says which", async () => {
  const name = await machineWith(2);
  await engine.updateStateMachine({ reference: name, definition: text("head") });
  await alias(name, "live", { version: 1, weight: 100 });
  expect(
    await Promise.all([name, `${name}:2`, `${name}:live`].map((one) => outputOf(one))),
  ).toEqual(['"head"', "2", "1"]);
  const { execution } = await engine.startExecution({ stateMachine: `${name}:live` });
  const arn = `arn:aws:states:us-east-1:000000000000:stateMachine:${name}`;
  const route = { stateMachineVersionArn: `${arn}:1`, stateMachineAliasArn: `${arn}:live` };
  await endOf(engine, execution.id);
  expect(await engine.describeExecution(execution.id)).toMatchObject({
    stateMachineArn: arn,
    ...route,
  });
  const [started] = await historyOf(engine.store, execution.id);
  expect(started?.details).toMatchObject({ roleArn: role("v1"), ...route });
});

test("an execution of a version shows the settings of the version", async () => {
  const name = `versioned-${(names += 1)}`;
  const [first, second] = [{ level: "ALL" }, { level: "OFF" }];
  await engine.createStateMachine({ name, definition: text(0), logging: first });
  await engine.publishStateMachineVersion({ reference: name });
  await engine.updateStateMachine({ reference: name, logging: second });
  const shown = async (stateMachine: string): Promise<object | undefined> => {
    const { execution } = await engine.startExecution({ stateMachine });
    await endOf(engine, execution.id);
    return (await engine.describeStateMachineForExecution(execution.id)).logging;
  };
  expect([await shown(`${name}:1`), await shown(name)]).toEqual([first, second]);
});

test("executions are listed by machine, by version and by alias", async () => {
  const name = await machineWith(2);
  await alias(name, "live", { version: 1, weight: 100 });
  for (const reference of [name, `${name}:1`, `${name}:2`, `${name}:live`])
    await outputOf(reference);
  const count = async (stateMachine: string): Promise<number> =>
    (await engine.listExecutions({ stateMachine })).items.length;
  expect(await Promise.all([name, `${name}:1`, `${name}:2`, `${name}:live`].map(count))).toEqual([
    4, 2, 1, 1,
  ]);
  expect(await refusal(engine.listExecutions({ stateMachine: `${name}:3` }))).toBe(
    `StateMachineDoesNotExist: State Machine Does Not Exist: '${name}:3'`,
  );
});

test("starts through an alias follow its weights", async () => {
  const name = await machineWith(2);
  await alias(name, "live", { version: 1, weight: 80 }, { version: 2, weight: 20 });
  const starts = Array.from({ length: 1_000 }, () =>
    engine.startExecution({ stateMachine: `${name}:live` }),
  );
  await Promise.all(starts);
  const { rows } = await engine.store.pool.query<{ version: number; starts: number }>(
    "select version, count(*)::int as starts from executions where alias = 'live' and state_machine_name = $1 group by 1 order by 1",
    [name],
  );
  const [first, second] = rows;
  expect(first!.starts + second!.starts).toBe(1_000);
  // Five standard deviations of a binomial distribution (n = 1,000, p = 0.2) are 63.
  expect(Math.abs(second!.starts - 200)).toBeLessThan(64);
});

test.each([
  [
    [
      { version: 1, weight: 100 },
      { version: 2, weight: 0 },
    ],
    "1",
  ],
  [
    [
      { version: 1, weight: 0 },
      { version: 2, weight: 100 },
    ],
    "2",
  ],
])("a route of weight 0 gets no start: %j", async (routes, output) => {
  const name = await machineWith(2);
  await alias(name, "live", ...routes);
  const outputs = await Promise.all(Array.from({ length: 50 }, () => outputOf(`${name}:live`)));
  expect(new Set(outputs)).toEqual(new Set([output]));
});

test("a change of routing on one server holds for the next start on another", async () => {
  const name = await machineWith(2);
  await alias(name, "live", { version: 1, weight: 100 });
  expect(await outputOf(`${name}:live`, other)).toBe("1");
  await alias(name, "live", { version: 2, weight: 100 });
  expect(await outputOf(`${name}:live`, other)).toBe("2");
  expect(await outputOf(`${name}:1`, other)).toBe("1");
  await engine.deleteStateMachineVersion(`${name}:1`);
  expect(await refusal(outputOf(`${name}:1`, other))).toContain("StateMachineDoesNotExist");
  await engine.deleteStateMachineAlias(`${name}:live`);
  expect(await refusal(outputOf(`${name}:live`, other))).toContain("StateMachineDoesNotExist");
});

test("an update of the head leaves starts through versions and aliases alone", async () => {
  const name = await machineWith(1);
  await alias(name, "live", { version: 1, weight: 100 });
  expect(await outputOf(`${name}:live`)).toBe("1");
  await engine.updateStateMachine({ reference: name, definition: text("later") });
  expect(await outputOf(`${name}:live`)).toBe("1");
  expect(await outputOf(`${name}:1`)).toBe("1");
});

test("a version that an alias routes to is not deleted", async () => {
  const name = await machineWith(2);
  await alias(name, "b", { version: 1, weight: 50 }, { version: 2, weight: 50 });
  await alias(name, "a", { version: 1, weight: 100 });
  expect(await refusal(engine.deleteStateMachineVersion(`${name}:1`))).toBe(
    "ConflictException: Version to be deleted must not be referenced by an alias. Current list of aliases referencing this version: [a, b]",
  );
  await alias(name, "a", { version: 2, weight: 100 });
  await engine.deleteStateMachineAlias(`${name}:b`);
  expect(await engine.deleteStateMachineVersion(`${name}:1`)).toBe(true);
});

test("an execution goes on when its version is deleted", async () => {
  const name = `versioned-${(names += 1)}`;
  const waiting = { StartAt: "W", States: { W: { Type: "Wait", Seconds: 3_600, End: true } } };
  await engine.createStateMachine({ name, definition: JSON.stringify(waiting) });
  await engine.publishStateMachineVersion({ reference: name });
  const { execution } = await engine.startExecution({ stateMachine: `${name}:1` });
  await engine.deleteStateMachineVersion(`${name}:1`);
  expect(await other.describeExecution(execution.id)).toMatchObject({
    status: "RUNNING",
    activeStates: [{ stateName: "W" }],
  });
  await engine.stopExecution(execution.id, {});
});

test("a deleted machine takes its versions and aliases along; a new one of its name starts from 1", async () => {
  const name = await machineWith(2);
  await alias(name, "live", { version: 2, weight: 100 });
  await outputOf(`${name}:live`);
  const { id } = await engine.describeStateMachine(name);
  await engine.deleteStateMachine(name);
  expect(await refusal(outputOf(`${name}:live`))).toContain("StateMachineDoesNotExist");
  const { rows } = await engine.store.pool.query(
    "select state_machine_id from state_machine_versions where state_machine_id = $1 union all select state_machine_id from state_machine_aliases where state_machine_id = $1",
    [id],
  );
  expect(rows).toEqual([]);
  await engine.createStateMachine({ name, definition: text(0) });
  expect(await engine.publishStateMachineVersion({ reference: name })).toMatchObject({
    version: 1,
  });
});

test.each([
  { what: "no route", routes: [], message: "an alias has 0 routes; it has 1 to 2" },
  {
    what: "weights below 100",
    routes: [
      { version: 1, weight: 70 },
      { version: 2, weight: 29 },
    ],
    message: "Sum of routing configuration weights must equal 100. Received: [70, 29]",
  },
  {
    what: "a negative weight",
    routes: [
      { version: 1, weight: 110 },
      { version: 2, weight: -10 },
    ],
    message: "Sum of routing configuration weights must equal 100. Received: [110, -10]",
  },
])("an alias with $what is refused, and nothing is changed", async ({ routes, message }) => {
  const name = await machineWith(2);
  expect(await refusal(alias(name, "live", ...routes))).toBe(`ValidationException: ${message}`);
  expect((await engine.listStateMachineAliases(name, {})).items).toEqual([]);
});

test("an alias routes to versions that are there, of a machine that is there", async () => {
  const name = await machineWith(1);
  expect(await refusal(alias("none", "live", { version: 1, weight: 100 }))).toBe(
    "ResourceNotFound: Request references a resource that does not exist.",
  );
  expect(await refusal(engine.describeStateMachineAlias("none:live"))).toBe(
    "ResourceNotFound: Request references a resource that does not exist.",
  );
  expect(await refusal(alias(name, "live", { version: 2, weight: 100 }))).toBe(
    "ResourceNotFound: Request references a resource that does not exist.",
  );
});

test("aliases are listed by name, or those that route to a version", async () => {
  const name = await machineWith(2);
  await alias(name, "c", { version: 2, weight: 100 });
  await alias(name, "a", { version: 1, weight: 100 });
  await alias(name, "b", { version: 1, weight: 90 }, { version: 2, weight: 10 });
  const listed = async (reference: string): Promise<readonly string[]> => {
    const first = await engine.listStateMachineAliases(reference, { pageSize: 2 });
    const pageToken = first.nextPageToken;
    const rest =
      pageToken === undefined
        ? []
        : (await engine.listStateMachineAliases(reference, { pageToken })).items;
    return [...first.items, ...rest].map((one) => one.name);
  };
  expect(await listed(name)).toEqual(["a", "b", "c"]);
  expect(await listed(`${name}:2`)).toEqual(["b", "c"]);
});

test("an alias is changed only under the etag that was seen", async () => {
  const name = await machineWith(2);
  const first = await alias(name, "live", { version: 1, weight: 100 });
  const second = await alias(name, "live", { version: 2, weight: 100 });
  expect(second.etag).not.toBe(first.etag);
  const same = await alias(name, "live", { version: 2, weight: 100 });
  expect(same).toEqual(second);
  const stale = { stateMachine: name, name: "live", description: "d", etag: first.etag };
  expect(await refusal(engine.updateStateMachineAlias(stale))).toContain("ConflictException");
  expect(
    await refusal(engine.deleteStateMachineAlias(`${name}:live`, { etag: first.etag })),
  ).toContain("ConflictException");
});

test("labels change in place: the revision stays, and 50 are the limit", async () => {
  const name = await machineWith(0);
  const { arn, revisionId } = await engine.describeStateMachine(name);
  await engine.changeLabels(arn, { set: { a: "1", b: "2" } });
  await engine.changeLabels(arn, { set: { b: "3" }, remove: ["a", "none"] });
  expect(await engine.listLabels(arn)).toEqual({ b: "3" });
  expect(await engine.describeStateMachine(name)).toMatchObject({ revisionId, labels: { b: "3" } });
  const many = Object.fromEntries(Array.from({ length: 50 }, (_, at) => [`k${at}`, ""]));
  expect(await refusal(engine.changeLabels(arn, { set: many }))).toBe(
    "TooManyTags: Too Many Tags: '51 tags; the limit is 50'",
  );
  await engine.changeLabels(arn, { set: many, remove: ["b"] });
  expect(Object.keys(await engine.listLabels(arn))).toHaveLength(50);
});
