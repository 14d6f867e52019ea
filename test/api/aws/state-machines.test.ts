import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { TestAwsDoor } from "../../support/aws-door.ts";
import { fakeEngine } from "../../support/fake-engine.ts";

let engine: ReturnType<typeof fakeEngine>;
let door: TestAwsDoor;

beforeEach(async () => {
  engine = fakeEngine();
  door = await TestAwsDoor.open(engine);
});
afterEach(() => door.close());

const roleArn = "arn:aws:iam::000000000000:role/any";
const arn = "arn:aws:states:us-east-1:000000000000:stateMachine:orders";
const definition = '{"StartAt":"A","States":{"A":{"Type":"Succeed"}}}';
const create = (fields: object = {}) =>
  door.call("CreateStateMachine", { name: "orders", definition, roleArn, ...fields });
const describeMachine = async () =>
  (await door.call("DescribeStateMachine", { stateMachineArn: arn })).body;
const group = (name: string) => ({
  cloudWatchLogsLogGroup: {
    logGroupArn: `arn:aws:logs:us-east-1:000000000000:log-group:${name}:*`,
  },
});

describe("CreateStateMachine", () => {
  test("answers the ARN and the date in seconds with milliseconds", async () => {
    expect((await create()).body).toEqual({
      stateMachineArn: arn,
      creationDate: 1_700_000_000.123,
    });
  });

  test("DescribeStateMachine shows AWS's defaults", async () => {
    await create();
    expect(await describeMachine()).toEqual({
      stateMachineArn: arn,
      name: "orders",
      status: "ACTIVE",
      definition,
      roleArn,
      type: "STANDARD",
      creationDate: 1_700_000_000.123,
      loggingConfiguration: { level: "OFF", includeExecutionData: false },
      tracingConfiguration: { enabled: false },
    });
  });

  test("METADATA_ONLY shows an empty definition", async () => {
    await create();
    const answer = await door.call("DescribeStateMachine", {
      stateMachineArn: arn,
      includedData: "METADATA_ONLY",
    });
    expect(answer.body["definition"]).toBe("{}");
  });

  test("tags are kept as labels", async () => {
    await create({ tags: [{ key: "team", value: "a" }, { key: "empty" }] });
    expect(engine.machines.get("orders")?.labels).toEqual({ team: "a", empty: "" });
  });

  test("the same name with another definition is taken", async () => {
    await create();
    const second = await create({ definition: `${definition} ` });
    expect(second.body).toEqual({
      __type: "StateMachineAlreadyExists",
      message: `State Machine Already Exists: '${arn}'`,
    });
  });

  test.each([
    ["a name with a blank", { name: "my orders" }, "InvalidName: Invalid Name: 'my orders'"],
    [
      "a name with a control character",
      { name: "a\u0085b" },
      "InvalidName: Invalid Name: 'a\u0085b'",
    ],
    ["half of a surrogate pair", { name: "a\ud800" }, "InvalidName: Invalid Name: 'a\ud800'"],
    [
      "81 characters",
      { name: "n".repeat(81) },
      `ValidationException: 1 validation error detected: Value '${"n".repeat(81)}' at 'name' failed to satisfy constraint: Member must have length less than or equal to 80`,
    ],
    [
      "a role that is no ARN",
      { roleArn: "me" },
      "InvalidArn: Invalid Arn: 'Invalid ARN prefix: me'",
    ],
    [
      "an unknown type",
      { type: "FAST" },
      "ValidationException: 1 validation error detected: Value 'FAST' at 'type' failed to satisfy constraint: Member must satisfy enum value set: [STANDARD, EXPRESS]",
    ],
    [
      "a version description without publish",
      { versionDescription: "v" },
      "ValidationException: Version description can only be set when publish is true",
    ],
    [
      "a customer's key",
      { encryptionConfiguration: { type: "CUSTOMER_MANAGED_KMS_KEY", kmsKeyId: "k" } },
      "InvalidEncryptionConfiguration: Invalid Encryption Configuration: 'customer managed keys are not supported; the type must be AWS_OWNED_KEY, without a key'",
    ],
  ])("%s is refused", async (_what, fields, expected) => {
    expect(
      await door.refusal("CreateStateMachine", { name: "orders", definition, roleArn, ...fields }),
    ).toBe(expected);
    expect(engine.machines.size).toBe(0);
  });

  test("a role is required", async () => {
    expect(await door.refusal("CreateStateMachine", { name: "orders", definition })).toContain(
      "Value null at 'roleArn'",
    );
  });

  test("names may hold dots, dashes and letters of any script", async () => {
    expect((await create({ name: "bestellung.größe-1_注文" })).status).toBe(200);
  });
});

describe("logging configuration", () => {
  test.each([
    [{}, { level: "OFF", includeExecutionData: false }],
    [{ destinations: [] }, { level: "OFF", includeExecutionData: false, destinations: [] }],
    [
      { level: "OFF", destinations: [group("a")] },
      { level: "OFF", includeExecutionData: false, destinations: [group("a")] },
    ],
    [
      { level: "ALL", includeExecutionData: true, destinations: [group("a")] },
      { level: "ALL", includeExecutionData: true, destinations: [group("a")] },
    ],
  ])("%j is kept", async (loggingConfiguration, expected) => {
    await create({ loggingConfiguration });
    expect((await describeMachine())["loggingConfiguration"]).toEqual(expected);
  });

  test.each([
    [{ level: "ERROR" }],
    [{ level: "ALL", destinations: [] }],
    [{ level: "ALL", destinations: [group("a"), group("b")] }],
  ])("%j needs exactly one destination", async (loggingConfiguration) => {
    expect((await create({ loggingConfiguration })).body).toEqual({
      __type: "InvalidLoggingConfiguration",
      message: "Invalid Logging Configuration: Must specify exactly one Log Destination.",
    });
  });
});

describe("invalid definitions", () => {
  const problem = { severity: "ERROR", code: "X", line: 1, column: 1 } as const;

  test("all errors are joined, each with its place; warnings are not errors", async () => {
    engine.diagnostics = [
      {
        ...problem,
        awsCode: "SCHEMA_VALIDATION_FAILED",
        message: "These fields are required: [States]",
        pointer: "",
      },
      { ...problem, severity: "WARNING", awsCode: "HINT", message: "hm", pointer: "" },
      {
        ...problem,
        awsCode: "MISSING_TRANSITION_TARGET",
        message: "Missing 'Next' target: B",
        pointer: "/States/A/Next",
      },
    ];
    expect((await create()).body).toEqual({
      __type: "InvalidDefinition",
      message:
        "Invalid State Machine Definition: 'SCHEMA_VALIDATION_FAILED: These fields are required: [States] at /, " +
        "MISSING_TRANSITION_TARGET: Missing 'Next' target: B at /States/A/Next'",
    });
  });

  test.each([
    { code: "X", pointer: "/States/a~1b/Choices/0/Next", location: "/States/a/b/Choices[0]/Next" },
    { code: "X", pointer: "/States/0/Next", location: "/States/0/Next" },
    { code: "UNKNOWN_FIELD", pointer: "/States/0/Foo", location: "/States/0" },
    { code: "OTHER_QUERY_LANGUAGE", pointer: "/States/0/Output", location: "/States/0" },
    { code: "UNKNOWN_FIELD", pointer: "/Foo", location: "/" },
  ])("$code at $pointer stands at $location", async ({ code, pointer, location }) => {
    engine.diagnostics = [{ ...problem, code, awsCode: "C", message: "m", pointer }];
    const text = JSON.stringify({ States: { "a/b": { Choices: [{}] }, "0": {} } });
    expect((await create({ definition: text })).body["message"]).toBe(
      `Invalid State Machine Definition: 'C: m at ${location}'`,
    );
  });

  test("a text that is no JSON says where", async () => {
    expect((await create({ definition: '{"StartAt": A}' })).body["message"]).toBe(
      "Invalid State Machine Definition: 'INVALID_JSON_DESCRIPTION: Unrecognized token 'A': " +
        "was expecting (JSON String, Number, Array, Object or token 'null', 'true' or 'false')\n" +
        ` at [Source: (String)"{"StartAt": A}"; line: 1, column: 14]'`,
    );
  });

  test("a long text is quoted in part", async () => {
    const { body } = await create({ definition: `nope${" ".repeat(1_000)}` });
    expect(body["message"]).toContain('"[truncated 504 chars]; line: 1, column: 5]');
  });
});

const validate = async (fields: object) =>
  (await door.call("ValidateStateMachineDefinition", fields)).body;
const found = (severity: "ERROR" | "WARNING", pointer: string) =>
  ({ severity, code: "X", awsCode: "C", message: "m", pointer, line: 1, column: 1 }) as const;

describe("ValidateStateMachineDefinition", () => {
  test("nothing wrong is OK", async () => {
    expect(await validate({ definition })).toEqual({
      result: "OK",
      diagnostics: [],
      truncated: false,
    });
  });

  test("a blank text has no place to point at", async () => {
    expect(await validate({ definition: " " })).toEqual({
      result: "FAIL",
      diagnostics: [
        {
          severity: "ERROR",
          code: "SCHEMA_VALIDATION_FAILED",
          message: "Definition must be a valid JSON object",
        },
      ],
      truncated: false,
    });
  });

  test("warnings are shown only when asked for", async () => {
    engine.diagnostics = [found("WARNING", "/States/A"), found("ERROR", "")];
    expect(await validate({ definition })).toMatchObject({
      result: "FAIL",
      diagnostics: [{ severity: "ERROR", location: "/" }],
    });
    expect((await validate({ definition, severity: "WARNING" }))["diagnostics"]).toHaveLength(2);
  });

  test("more than maxResults are cut off and said so", async () => {
    engine.diagnostics = [found("ERROR", "/a"), found("ERROR", "/b")];
    expect(await validate({ definition, maxResults: 1 })).toMatchObject({
      truncated: true,
      diagnostics: [{ location: "/a" }],
    });
  });
});

describe("UpdateStateMachine", () => {
  const update = (fields: object) =>
    door.call("UpdateStateMachine", { stateMachineArn: arn, ...fields });

  test("answers date and revision; the revision is shown from then on", async () => {
    await create();
    expect((await update({ definition: '{"StartAt":"B"}' })).body).toEqual({
      updateDate: 1_700_000_001.123,
      revisionId: "revision-1",
    });
    expect(await describeMachine()).toMatchObject({
      definition: '{"StartAt":"B"}',
      revisionId: "revision-1",
      roleArn,
    });
  });

  test("a change of the logging leaves the definition", async () => {
    await create();
    await update({ loggingConfiguration: { level: "ALL", destinations: [group("a")] } });
    expect(await describeMachine()).toMatchObject({
      definition,
      loggingConfiguration: { level: "ALL" },
    });
  });

  test.each([
    [
      "nothing to change",
      {},
      "MissingRequiredParameter: Either the definition, the role ARN, the LoggingConfiguration, or the TracingConfiguration must be specified",
    ],
    ["a bad role", { roleArn: "me" }, "InvalidArn: Invalid Arn: 'Invalid ARN prefix: me'"],
    [
      "bad logging",
      { loggingConfiguration: { level: "ALL" } },
      "InvalidLoggingConfiguration: Invalid Logging Configuration: Must specify exactly one Log Destination.",
    ],
    [
      "a version's ARN",
      { stateMachineArn: `${arn}:2`, definition },
      `StateMachineDoesNotExist: State Machine Does Not Exist: '${arn}:2'`,
    ],
  ])("%s is refused", async (_what, fields, expected) => {
    await create();
    expect(await door.refusal("UpdateStateMachine", { stateMachineArn: arn, ...fields })).toBe(
      expected,
    );
  });
});

describe("ARNs", () => {
  test.each([
    ["no ARN at all", "orders", "InvalidArn: Invalid Arn: 'Invalid ARN prefix: orders'"],
    [
      "another kind",
      arn.replace("stateMachine", "activity"),
      "InvalidArn: Invalid Arn: 'Resource type not valid in this context: activity'",
    ],
    [
      "another service",
      "arn:aws:lambda:us-east-1:000000000000:function:f",
      "InvalidArn: Invalid Arn: 'Service name not valid in this context: lambda'",
    ],
    [
      "no machine of that name",
      arn.replace("orders", "none"),
      `StateMachineDoesNotExist: State Machine Does Not Exist: '${arn.replace("orders", "none")}'`,
    ],
    [
      "another region",
      arn.replace("us-east-1", "eu-west-1"),
      `StateMachineDoesNotExist: State Machine Does Not Exist: '${arn.replace("us-east-1", "eu-west-1")}'`,
    ],
    [
      "another account",
      arn.replace("000000000000", "123456789012"),
      `StateMachineDoesNotExist: State Machine Does Not Exist: '${arn.replace("000000000000", "123456789012")}'`,
    ],
  ])("%s is refused", async (_what, stateMachineArn, expected) => {
    await create();
    expect(await door.refusal("DescribeStateMachine", { stateMachineArn })).toBe(expected);
  });

  test("deleting what does not exist succeeds", async () => {
    expect((await door.call("DeleteStateMachine", { stateMachineArn: arn })).body).toEqual({});
  });

  test("deleting by the ARN of a version leaves the machine", async () => {
    await create();
    await door.call("DeleteStateMachine", { stateMachineArn: `${arn}:1` });
    expect(engine.machines.size).toBe(1);
  });
});

test("ListStateMachines goes through its pages", async () => {
  for (const name of ["a", "b", "c"]) await create({ name });
  const first = (await door.call("ListStateMachines", { maxResults: 2 })).body;
  const second = (
    await door.call("ListStateMachines", { maxResults: 2, nextToken: first["nextToken"] })
  ).body;
  expect(first["stateMachines"]).toEqual(
    ["a", "b"].map((name) => ({
      stateMachineArn: arn.replace("orders", name),
      name,
      type: "STANDARD",
      creationDate: 1_700_000_000.123,
    })),
  );
  expect(second["stateMachines"]).toMatchObject([{ name: "c" }]);
  expect(second).not.toHaveProperty("nextToken");
  expect(await door.refusal("ListStateMachines", { nextToken: "foreign" })).toBe(
    "InvalidToken: Invalid Token: 'Invalid token'",
  );
});
