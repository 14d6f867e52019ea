import { expect, vi } from "vitest";
import { refusalOf, type Answer, type AwsClient } from "./support/aws-client.ts";

/** What earlier steps made and later ones use. */
export interface Made {
  stateMachineArn: string;
  activityArn: string;
  expressArn: string;
  /** Executions of `stateMachineArn`, in the order of their starts. */
  readonly executionArns: string[];
}

export interface Step {
  readonly rule: string;
  readonly run: (client: AwsClient, made: Made) => Promise<void>;
}

const prefix = "arn:aws:states:us-east-1:000000000000";
const roleArn = "arn:aws:iam::000000000000:role/any";
const text = JSON.stringify;

const reviewDefinition = text({
  StartAt: "Review",
  States: {
    Review: {
      Type: "Task",
      Resource: `${prefix}:activity:review`,
      HeartbeatSeconds: 60,
      End: true,
    },
  },
});
const passDefinition = text({ StartAt: "P", States: { P: { Type: "Pass", End: true } } });
/** Characters of one to four bytes, and one that JSON escapes. */
const unicode = 'Grüße, 世界 🦀 "\u2028';

/** One life of the API, the same for every client. A step relies on those before it. */
export const steps: readonly Step[] = [
  {
    rule: "a definition is validated before anything is created",
    run: async (client) => {
      const definition = text({ StartAt: "X", States: { P: { Type: "Pass", End: true } } });
      expect(await client.call("ValidateStateMachineDefinition", { definition })).toMatchObject({
        result: "FAIL",
        diagnostics: expect.arrayContaining([expect.objectContaining({ severity: "ERROR" })]),
      });
    },
  },
  {
    rule: "an activity is created, described and listed",
    run: async (client, made) => {
      const { activityArn } = await client.call("CreateActivity", { name: "review" });
      made.activityArn = String(activityArn);
      expect(activityArn).toBe(`${prefix}:activity:review`);
      expect(await client.call("DescribeActivity", { activityArn })).toMatchObject({
        name: "review",
      });
      await client.call("CreateActivity", { name: "other" });
      const all = await client.all({
        operation: "ListActivities",
        items: "activities",
        pageSize: 1,
      });
      expect(all.map(({ name }) => String(name)).toSorted()).toEqual(["other", "review"]);
      await client.call("DeleteActivity", { activityArn: `${prefix}:activity:other` });
    },
  },
  {
    rule: "state machines are created, described and listed page by page",
    run: async (client, made) => {
      const { stateMachineArn } = await client.call("CreateStateMachine", {
        name: "orders",
        definition: reviewDefinition,
        roleArn,
        tags: [{ key: "team", value: unicode }],
      });
      made.stateMachineArn = String(stateMachineArn);
      const { stateMachineArn: expressArn } = await client.call("CreateStateMachine", {
        name: "quick",
        definition: passDefinition,
        roleArn,
        type: "EXPRESS",
      });
      made.expressArn = String(expressArn);
      expect(await client.call("DescribeStateMachine", { stateMachineArn })).toMatchObject({
        name: "orders",
        status: "ACTIVE",
        type: "STANDARD",
        definition: reviewDefinition,
        roleArn,
      });
      const all = await client.all({
        operation: "ListStateMachines",
        items: "stateMachines",
        pageSize: 1,
      });
      expect(all.map(({ name }) => String(name)).toSorted()).toEqual(["orders", "quick"]);
    },
  },
  {
    rule: "an activity's worker polls, keeps its task with heartbeats and answers it",
    run: async (client, made) => {
      const executionArn = await start(client, made, { input: text({ unicode }) });
      const { taskToken, input } = await client.call("GetActivityTask", {
        activityArn: made.activityArn,
        workerName: "worker-1",
      });
      expect(JSON.parse(String(input))).toEqual({ unicode });
      await client.call("SendTaskHeartbeat", { taskToken });
      await client.call("SendTaskSuccess", { taskToken, output: text({ unicode }) });
      const { status, output } = await ended(client, executionArn);
      expect([status, JSON.parse(String(output))]).toEqual(["SUCCEEDED", { unicode }]);
    },
  },
  {
    rule: "a worker's failure is the execution's",
    run: async (client, made) => {
      const executionArn = await start(client, made);
      const { taskToken } = await client.call("GetActivityTask", {
        activityArn: made.activityArn,
      });
      await client.call("SendTaskFailure", { taskToken, error: "Order.Declined", cause: unicode });
      expect(await ended(client, executionArn)).toMatchObject({
        status: "FAILED",
        error: "Order.Declined",
        cause: unicode,
      });
    },
  },
  {
    rule: "an execution that failed is redriven, and succeeds",
    run: async (client, { activityArn, executionArns: [, executionArn] }) => {
      await client.call("RedriveExecution", { executionArn });
      const { taskToken } = await client.call("GetActivityTask", { activityArn });
      await client.call("SendTaskSuccess", { taskToken, output: text("again") });
      expect(await ended(client, executionArn!)).toMatchObject({
        status: "SUCCEEDED",
        output: text("again"),
        redriveCount: 1,
      });
      expect(await refusalOf(client.call("RedriveExecution", { executionArn }))).toMatch(
        /^ExecutionNotRedrivable: /,
      );
    },
  },
  {
    rule: "a stopped execution is aborted, and its worker is told with its next heartbeat",
    run: async (client, made) => {
      const executionArn = await start(client, made, { name: "stopped" });
      const { taskToken } = await client.call("GetActivityTask", {
        activityArn: made.activityArn,
      });
      await client.call("StopExecution", { executionArn, error: "Enough", cause: "told so" });
      expect(await ended(client, executionArn)).toMatchObject({
        status: "ABORTED",
        error: "Enough",
        cause: "told so",
      });
      expect(await refusalOf(client.call("SendTaskHeartbeat", { taskToken }))).toMatch(
        /^TaskTimedOut: /,
      );
    },
  },
  {
    rule: "executions are listed newest first, page by page and by status",
    run: async (client, { stateMachineArn, executionArns }) => {
      const listing = { operation: "ListExecutions", items: "executions", pageSize: 1 };
      const all = await client.all({ ...listing, input: { stateMachineArn } });
      expect(all.map(({ executionArn }) => executionArn)).toEqual(executionArns.toReversed());
      const aborted = await client.all({
        ...listing,
        input: { stateMachineArn, statusFilter: "ABORTED" },
      });
      expect(aborted.map(({ executionArn }) => executionArn)).toEqual([executionArns[2]]);
    },
  },
  {
    rule: "a history is read to its end, page by page",
    run: async (client, { executionArns: [executionArn] }) => {
      const events = await client.all({
        operation: "GetExecutionHistory",
        input: { executionArn },
        items: "events",
        pageSize: 2,
      });
      expect(events.map(({ type }) => type)).toEqual([
        "ExecutionStarted",
        "TaskStateEntered",
        "ActivityScheduled",
        "ActivityStarted",
        "ActivitySucceeded",
        "TaskStateExited",
        "ExecutionSucceeded",
      ]);
      expect(events[3]).toMatchObject({ activityStartedEventDetails: { workerName: "worker-1" } });
    },
  },
  {
    rule: "a running execution shows the definition it runs",
    run: async (client, { executionArns: [executionArn], stateMachineArn }) => {
      expect(await client.call("DescribeStateMachineForExecution", { executionArn })).toMatchObject(
        { stateMachineArn, definition: reviewDefinition },
      );
    },
  },
  {
    rule: "a machine is updated",
    run: async (client, { stateMachineArn }) => {
      const { revisionId } = await client.call("UpdateStateMachine", {
        stateMachineArn,
        definition: passDefinition,
      });
      expect(await client.call("DescribeStateMachine", { stateMachineArn })).toMatchObject({
        definition: passDefinition,
        revisionId,
      });
    },
  },
  {
    rule: "an EXPRESS execution answers with its output, up to the limit of 262,144 bytes",
    run: async (client, { expressArn: stateMachineArn }) => {
      const bytes = Buffer.byteLength(text(unicode));
      const input = text(unicode + "x".repeat(262_144 - bytes));
      const answer = await client.call("StartSyncExecution", { stateMachineArn, input });
      expect([answer["status"], answer["output"] === input]).toEqual(["SUCCEEDED", true]);
    },
  },
  {
    rule: "versions are published, an alias routes to them, and a start follows it",
    run: async (client, { stateMachineArn }) => {
      const versions = [];
      for (const description of ["first", "second"]) {
        const definition = text({ ...JSON.parse(passDefinition), Comment: description });
        await client.call("UpdateStateMachine", { stateMachineArn, definition });
        const published = { stateMachineArn, description };
        versions.push(await client.call("PublishStateMachineVersion", published));
      }
      const [one, two] = versions.map(({ stateMachineVersionArn }) => stateMachineVersionArn);
      const listed = await client.call("ListStateMachineVersions", { stateMachineArn });
      expect(listed["stateMachineVersions"]).toMatchObject([
        { stateMachineVersionArn: two },
        { stateMachineVersionArn: one },
      ]);
      const { stateMachineAliasArn } = await client.call("CreateStateMachineAlias", {
        name: "live",
        routingConfiguration: [{ stateMachineVersionArn: one, weight: 100 }],
      });
      await client.call("UpdateStateMachineAlias", {
        stateMachineAliasArn,
        routingConfiguration: [{ stateMachineVersionArn: two, weight: 100 }],
      });
      expect(
        await client.call("DescribeStateMachineAlias", { stateMachineAliasArn }),
      ).toMatchObject({ routingConfiguration: [{ stateMachineVersionArn: two, weight: 100 }] });
      const { stateMachineAliases } = await client.call("ListStateMachineAliases", {
        stateMachineArn,
      });
      expect(stateMachineAliases).toMatchObject([{ stateMachineAliasArn }]);
      const started = await client.call("StartExecution", {
        stateMachineArn: stateMachineAliasArn,
      });
      expect(await ended(client, String(started["executionArn"]))).toMatchObject({
        stateMachineAliasArn,
        stateMachineVersionArn: two,
      });
      expect(
        await refusalOf(client.call("DeleteStateMachineVersion", { stateMachineVersionArn: two })),
      ).toMatch(/^ConflictException: Version to be deleted must not be referenced by an alias/);
      await client.call("DeleteStateMachineAlias", { stateMachineAliasArn });
      await client.call("DeleteStateMachineVersion", { stateMachineVersionArn: two });
    },
  },
  {
    rule: "tags are added, listed and removed",
    run: async (client, { stateMachineArn: resourceArn }) => {
      await client.call("TagResource", { resourceArn, tags: [{ key: unicode, value: "1" }] });
      const { tags } = await client.call("ListTagsForResource", { resourceArn });
      expect(tags).toEqual(
        expect.arrayContaining([
          { key: "team", value: unicode },
          { key: unicode, value: "1" },
        ]),
      );
      await client.call("UntagResource", { resourceArn, tagKeys: [unicode] });
      expect(await client.call("ListTagsForResource", { resourceArn })).toEqual({
        tags: [{ key: "team", value: unicode }],
      });
    },
  },
  {
    rule: "a state is tested by itself, with a mocked result",
    run: async (client) => {
      const definition = text({ Type: "Task", Resource: "a", ResultPath: "$.b", End: true });
      const state = { definition, input: text({ a: unicode }), mock: { result: "7" } };
      expect(await client.call("TestState", { ...state, inspectionLevel: "DEBUG" })).toMatchObject({
        status: "SUCCEEDED",
        output: text({ a: unicode, b: 7 }),
        inspectionData: { result: "7" },
      });
    },
  },
  {
    rule: "a distributed Map's run is described, listed, changed, and its executions are listed",
    run: async (client) => {
      const item = { Type: "Task", Resource: "items:work", End: true };
      const { stateMachineArn } = await client.call("CreateStateMachine", {
        name: "each",
        roleArn,
        definition: text({
          StartAt: "Each",
          States: {
            Each: {
              Type: "Map",
              ToleratedFailureCount: 1,
              ItemProcessor: {
                ProcessorConfig: { Mode: "DISTRIBUTED", ExecutionType: "STANDARD" },
                StartAt: "Item",
                States: { Item: item },
              },
              End: true,
            },
          },
        }),
      });
      const { executionArn } = await client.call("StartExecution", {
        stateMachineArn,
        input: "[1,2]",
      });
      const runs = await vi.waitFor(async () => {
        const found = await client.all({
          operation: "ListMapRuns",
          input: { executionArn },
          items: "mapRuns",
          pageSize: 1,
        });
        expect(found).toHaveLength(1);
        return found;
      });
      const mapRunArn = runs[0]!["mapRunArn"];
      await client.call("UpdateMapRun", { mapRunArn, maxConcurrency: 5 });
      for (const [error, output] of [["Item.Bad"], [undefined, "2"]]) {
        const { taskToken } = await client.call("GetActivityTask", { activityArn: "items:work" });
        if (error === undefined) await client.call("SendTaskSuccess", { taskToken, output });
        else await client.call("SendTaskFailure", { taskToken, error });
      }
      expect(await ended(client, String(executionArn))).toMatchObject({ status: "SUCCEEDED" });
      expect(await client.call("DescribeMapRun", { mapRunArn })).toMatchObject({
        status: "SUCCEEDED",
        maxConcurrency: 5,
        toleratedFailureCount: 1,
        itemCounts: { total: 2, succeeded: 1, failed: 1 },
      });
      const items = await client.all({
        operation: "ListExecutions",
        input: { mapRunArn },
        items: "executions",
        pageSize: 1,
      });
      expect(items.map(({ status }) => String(status)).toSorted()).toEqual(["FAILED", "SUCCEEDED"]);
    },
  },
  {
    rule: "what was deleted is gone",
    run: async (client, { expressArn, activityArn }) => {
      await client.call("DeleteStateMachine", { stateMachineArn: expressArn });
      await client.call("DeleteActivity", { activityArn });
      expect(await refusalOf(client.call("DescribeActivity", { activityArn }))).toBe(
        `ActivityDoesNotExist: Activity Does Not Exist: '${activityArn}'`,
      );
    },
  },
];

export interface Mistake {
  readonly operation: string;
  readonly input: object;
  /** The class of the client's exception, and its message. */
  readonly refusal: string;
}

const unknown = {
  machine: `${prefix}:stateMachine:nope`,
  execution: `${prefix}:execution:nope:nope`,
  activity: `${prefix}:activity:nope`,
};

/** Refusals, which each client raises as an exception of its own for that error. */
export const mistakes: readonly Mistake[] = [
  {
    operation: "DescribeStateMachine",
    input: { stateMachineArn: unknown.machine },
    refusal: `StateMachineDoesNotExist: State Machine Does Not Exist: '${unknown.machine}'`,
  },
  {
    operation: "DescribeStateMachine",
    input: { stateMachineArn: "nope" },
    refusal: "InvalidArn: Invalid Arn: 'Invalid ARN prefix: nope'",
  },
  {
    operation: "DescribeExecution",
    input: { executionArn: unknown.execution },
    refusal: `ExecutionDoesNotExist: Execution Does Not Exist: '${unknown.execution}'`,
  },
  {
    operation: "GetActivityTask",
    input: { activityArn: unknown.activity },
    refusal: `ActivityDoesNotExist: Activity Does Not Exist: '${unknown.activity}'`,
  },
  {
    operation: "CreateActivity",
    input: { name: "a b" },
    refusal: "InvalidName: Invalid Name: 'a b'",
  },
  {
    operation: "CreateStateMachine",
    input: { name: "bad", roleArn, definition: "{}" },
    refusal:
      "InvalidDefinition: Invalid State Machine Definition: 'SCHEMA_VALIDATION_FAILED: These fields are required: [States, StartAt] at /'",
  },
  {
    operation: "SendTaskSuccess",
    input: { taskToken: "nope", output: "1" },
    refusal: "InvalidToken: Invalid Token: 'Invalid token'",
  },
  {
    operation: "ListStateMachines",
    input: { nextToken: "nope" },
    refusal: "InvalidToken: Invalid Token: 'Invalid token'",
  },
  {
    operation: "ListExecutions",
    input: {},
    refusal: "ValidationException: Must specify exactly one of stateMachineArn, mapRunArn",
  },
];

async function start(client: AwsClient, made: Made, fields: object = {}): Promise<string> {
  const { stateMachineArn } = made;
  const { executionArn } = await client.call("StartExecution", { stateMachineArn, ...fields });
  made.executionArns.push(String(executionArn));
  return String(executionArn);
}

/** The execution when it is over. */
async function ended(client: AwsClient, executionArn: string): Promise<Answer> {
  return vi.waitFor(
    async () => {
      const execution = await client.call("DescribeExecution", { executionArn });
      expect(execution["status"]).not.toBe("RUNNING");
      return execution;
    },
    { timeout: 20_000, interval: 50 },
  );
}
