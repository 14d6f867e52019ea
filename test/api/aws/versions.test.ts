import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { TestAwsDoor } from "../../support/aws-door.ts";
import { createEngines, type Engines } from "../../support/engines.ts";

let engines: Engines;
let door: TestAwsDoor;
beforeAll(async () => {
  engines = await createEngines();
  door = await TestAwsDoor.open(await engines.open());
});
afterAll(async () => {
  await door.close();
  await engines.close();
});

const roleArn = "arn:aws:iam::000000000000:role/any";
const account = "arn:aws:states:us-east-1:000000000000";
const text = (comment: string): string =>
  JSON.stringify({ Comment: comment, StartAt: "A", States: { A: { Type: "Pass", End: true } } });

async function ok(operation: string, body: object): Promise<Record<string, unknown>> {
  const answer = await door.call(operation, body);
  expect(answer.body).not.toHaveProperty("__type");
  return answer.body;
}

let names = 0;
/** A machine with version 1. */
async function published(): Promise<string> {
  const name = `machine-${(names += 1)}`;
  await ok("CreateStateMachine", { name, definition: text("1"), roleArn, publish: true });
  return `${account}:stateMachine:${name}`;
}

/** Version 2 as well. */
async function publishedTwice(): Promise<string> {
  const arn = await published();
  await ok("UpdateStateMachine", { stateMachineArn: arn, definition: text("2"), publish: true });
  return arn;
}

const route = (arn: string, version: number | string, weight: number) => ({
  stateMachineVersionArn: `${arn}:${version}`,
  weight,
});

describe("versions", () => {
  test("publish makes one with a create or update; the same again is the same", async () => {
    const name = `machine-${(names += 1)}`;
    const arn = `${account}:stateMachine:${name}`;
    const create = { name, definition: text("1"), roleArn, publish: true, versionDescription: "d" };
    for (const _ of [1, 2]) {
      expect(await ok("CreateStateMachine", create)).toEqual({
        stateMachineArn: arn,
        creationDate: expect.any(Number),
        stateMachineVersionArn: `${arn}:1`,
      });
    }
    const unchanged = { stateMachineArn: arn, definition: text("1"), publish: true };
    expect(await ok("UpdateStateMachine", unchanged)).toEqual({
      updateDate: expect.any(Number),
      stateMachineVersionArn: `${arn}:1`,
    });
    const changed = { ...unchanged, definition: text("2") };
    expect(await ok("UpdateStateMachine", changed)).toEqual({
      updateDate: expect.any(Number),
      revisionId: expect.any(String),
      stateMachineVersionArn: `${arn}:2`,
    });
    const first = await ok("DescribeStateMachine", { stateMachineArn: `${arn}:1` });
    expect(first).toMatchObject({ stateMachineArn: `${arn}:1`, description: "d" });
    expect(first).not.toHaveProperty("revisionId");
    expect(await ok("DescribeStateMachine", { stateMachineArn: arn })).not.toHaveProperty(
      "description",
    );
  });

  test.each([
    ["UpdateStateMachine", { definition: text("x") }],
    ["PublishStateMachineVersion", {}],
    ["ListStateMachineVersions", {}],
  ])("%s takes no version's ARN", async (operation, body) => {
    const arn = await published();
    expect(await door.refusal(operation, { stateMachineArn: `${arn}:1`, ...body })).toBe(
      `StateMachineDoesNotExist: State Machine Does Not Exist: '${arn}:1'`,
    );
  });

  test("what is not there is deleted; what an alias uses is not", async () => {
    const arn = await published();
    expect(await ok("DeleteStateMachineVersion", { stateMachineVersionArn: `${arn}:9` })).toEqual(
      {},
    );
    await ok("CreateStateMachineAlias", {
      name: "live",
      routingConfiguration: [route(arn, 1, 100)],
    });
    expect(
      await door.refusal("DeleteStateMachineVersion", { stateMachineVersionArn: `${arn}:1` }),
    ).toBe(
      "ConflictException: Version to be deleted must not be referenced by an alias. Current list of aliases referencing this version: [live]",
    );
  });
});

describe("aliases", () => {
  test("create, describe, update, start, delete", async () => {
    const arn = await publishedTwice();
    const created = await ok("CreateStateMachineAlias", {
      name: "live",
      description: "d",
      routingConfiguration: [route(arn, 1, 100)],
    });
    expect(created).toEqual({
      stateMachineAliasArn: `${arn}:live`,
      creationDate: expect.any(Number),
    });
    const routingConfiguration = [route(arn, 1, 0), route(arn, 2, 100)];
    const alias = { stateMachineAliasArn: `${arn}:live` };
    await ok("UpdateStateMachineAlias", { ...alias, routingConfiguration });
    expect(await ok("DescribeStateMachineAlias", alias)).toEqual({
      ...created,
      name: "live",
      description: "d",
      routingConfiguration,
      updateDate: expect.any(Number),
    });
    const { executionArn } = await ok("StartExecution", { stateMachineArn: `${arn}:live` });
    expect(await ok("DescribeExecution", { executionArn })).toMatchObject({
      stateMachineArn: arn,
      stateMachineVersionArn: `${arn}:2`,
      stateMachineAliasArn: `${arn}:live`,
    });
    const { executions } = await ok("ListExecutions", { stateMachineArn: `${arn}:live` });
    expect(executions).toMatchObject([{ executionArn, stateMachineVersionArn: `${arn}:2` }]);
    for (const _ of [1, 2]) expect(await ok("DeleteStateMachineAlias", alias)).toEqual({});
    expect(await door.refusal("DescribeStateMachineAlias", alias)).toBe(
      "ResourceNotFound: Request references a resource that does not exist.",
    );
  });

  test("an EXPRESS machine is run synchronously through its alias", async () => {
    const name = `machine-${(names += 1)}`;
    const arn = `${account}:stateMachine:${name}`;
    const facts = { name, definition: text("1"), roleArn, type: "EXPRESS", publish: true };
    await ok("CreateStateMachine", facts);
    await ok("CreateStateMachineAlias", {
      name: "live",
      routingConfiguration: [route(arn, 1, 100)],
    });
    expect(await ok("StartSyncExecution", { stateMachineArn: `${arn}:live` })).toMatchObject({
      stateMachineArn: arn,
      status: "SUCCEEDED",
    });
  });

  const item = (arn: string, version: number, weight: number): string =>
    `RoutingConfigurationListItem(stateMachineVersionArn=${arn}:${version}, weight=${weight})`;
  test.each<[string, (arn: string) => object, (arn: string) => string]>([
    [
      "three routes",
      (arn) => ({
        routingConfiguration: [route(arn, 1, 50), route(arn, 2, 30), route(arn, 3, 20)],
      }),
      (arn) =>
        `1 validation error detected: Value '[${item(arn, 1, 50)}, ${item(arn, 2, 30)}, ${item(arn, 3, 20)}]' at 'routingConfiguration' failed to satisfy constraint: Member must have length less than or equal to 2`,
    ],
    [
      "a machine's ARN",
      (arn) => ({ routingConfiguration: [{ stateMachineVersionArn: arn, weight: 100 }] }),
      (arn) => `Routing configuration must contain state machine version ARNs. Received: [${arn}]`,
    ],
    [
      "one version twice",
      (arn) => ({ routingConfiguration: [route(arn, 1, 50), route(arn, 1, 50)] }),
      (arn) =>
        `Routing configuration must contain distinct state machine version ARNs. Received: [${arn}:1, ${arn}:1]`,
    ],
    [
      "versions of two machines",
      (arn) => ({ routingConfiguration: [route(arn, 1, 50), route(`${arn}x`, 1, 50)] }),
      () => "Routing configuration must contain versions of one state machine.",
    ],
    [
      "a weight of 101",
      (arn) => ({ routingConfiguration: [route(arn, 1, 101)] }),
      () =>
        "1 validation error detected: Value '101' at 'routingConfiguration.1.member.weight' failed to satisfy constraint: Member must have value less than or equal to 100",
    ],
    [
      "a name of digits",
      (arn) => ({ name: "123", routingConfiguration: [route(arn, 1, 100)] }),
      () =>
        String.raw`1 validation error detected: Value '123' at 'name' failed to satisfy constraint: Member must satisfy regular expression pattern: ^(?=.*[a-zA-Z_\-\.])[a-zA-Z0-9_\-\.]+$`,
    ],
  ])("%s is refused", async (_what, fields, message) => {
    const arn = await publishedTwice();
    expect(await door.refusal("CreateStateMachineAlias", { name: "live", ...fields(arn) })).toBe(
      `ValidationException: ${message(arn)}`,
    );
  });

  test("a refused routing says why in a field as well", async () => {
    const arn = await published();
    const answer = await door.call("CreateStateMachineAlias", {
      name: "live",
      routingConfiguration: [route(arn, 1, 99)],
    });
    expect(answer.body["reason"]).toBe("INVALID_ROUTING_CONFIGURATION");
  });

  test("an update of nothing is refused", async () => {
    const arn = await published();
    expect(
      await door.refusal("UpdateStateMachineAlias", { stateMachineAliasArn: `${arn}:live` }),
    ).toBe(
      "MissingRequiredParameter: Either the description or the RoutingConfiguration must be specified",
    );
  });
});

describe("tags", () => {
  test("of a machine: given at create, added, replaced, removed", async () => {
    const name = `machine-${(names += 1)}`;
    const resourceArn = `${account}:stateMachine:${name}`;
    const tags = [{ key: "a", value: "1" }];
    await ok("CreateStateMachine", { name, definition: text("1"), roleArn, tags });
    await ok("TagResource", {
      resourceArn,
      tags: [{ key: "a", value: "2" }, { key: "b", value: "" }, { key: "c" }],
    });
    await ok("UntagResource", { resourceArn, tagKeys: ["c", "none"] });
    expect(await ok("ListTagsForResource", { resourceArn })).toEqual({
      tags: [
        { key: "a", value: "2" },
        { key: "b", value: "" },
      ],
    });
  });

  test("of an activity", async () => {
    const { activityArn: resourceArn } = await ok("CreateActivity", {
      name: "tagged",
      tags: [{ key: "a", value: "1" }],
    });
    await ok("TagResource", { resourceArn, tags: [{ key: "b", value: "2" }] });
    await ok("UntagResource", { resourceArn, tagKeys: ["a"] });
    expect(await ok("ListTagsForResource", { resourceArn })).toEqual({
      tags: [{ key: "b", value: "2" }],
    });
  });

  test("a version, an alias and what is not there have none", async () => {
    const arn = await published();
    for (const resourceArn of [`${arn}:1`, `${arn}:live`, `${arn}-none`]) {
      const answer = await door.call("TagResource", { resourceArn, tags: [] });
      expect(answer.body).toEqual({
        __type: "ResourceNotFound",
        message: `Resource not found: '${resourceArn}'`,
        resourceName: resourceArn,
      });
    }
    expect(await door.refusal("ListTagsForResource", { resourceArn: "me" })).toBe(
      "InvalidArn: Invalid Arn: 'Invalid ARN prefix: me'",
    );
  });

  test("51 are too many, at create and later", async () => {
    const arn = await published();
    const tags = Array.from({ length: 51 }, (_, at) => ({ key: `k${at}`, value: "" }));
    const name = `machine-${(names += 1)}`;
    const tooMany = "TooManyTags: Too Many Tags: '51 tags; the limit is 50'";
    const machine = { name, definition: text("1"), roleArn, tags };
    expect(await door.refusal("CreateStateMachine", machine)).toBe(tooMany);
    expect(await door.refusal("CreateActivity", { name, tags })).toBe(tooMany);
    expect(await door.refusal("TagResource", { resourceArn: arn, tags })).toBe(tooMany);
  });
});

test("variables that states read are shown, by state; without the data they are not", async () => {
  const name = `machine-${(names += 1)}`;
  const definition = JSON.stringify({
    StartAt: "A",
    States: {
      A: { Type: "Pass", Assign: { x: 1, y: 2 }, Next: "B" },
      B: { Type: "Pass", Parameters: { "z.$": "$y", "w.$": "$x" }, End: true },
    },
  });
  const { stateMachineArn } = await ok("CreateStateMachine", { name, definition, roleArn });
  expect(await ok("DescribeStateMachine", { stateMachineArn })).toMatchObject({
    variableReferences: { B: ["x", "y"] },
  });
  const { executionArn } = await ok("StartExecution", { stateMachineArn });
  expect(await ok("DescribeStateMachineForExecution", { executionArn })).toMatchObject({
    variableReferences: { B: ["x", "y"] },
  });
  const metadata = { stateMachineArn, includedData: "METADATA_ONLY" };
  const described = await ok("DescribeStateMachine", metadata);
  expect(described).not.toHaveProperty("variableReferences");
});
