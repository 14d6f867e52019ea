import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { operations } from "../../../server/api/aws/operations/index.ts";
import { EngineError } from "../../../server/engine/errors.ts";
import { createLog } from "../../../server/observe/log.ts";
import { TestAwsDoor } from "../../support/aws-door.ts";
import { fakeEngine } from "../../support/fake-engine.ts";

let door: TestAwsDoor;
let logged = "";

beforeEach(async () => {
  logged = "";
  const engine = fakeEngine({
    describeStateMachine: (reference) => {
      if (reference.endsWith(":broken")) throw new TypeError("cannot read the secret of undefined");
      if (reference.endsWith(":busy"))
        throw new EngineError("ResourceExhausted", "too many requests");
      if (reference.endsWith(":away"))
        throw new EngineError("Unavailable", "the database does not answer");
      throw new EngineError("StateMachineDoesNotExist", "no such machine");
    },
  });
  door = await TestAwsDoor.open(
    engine,
    createLog("error", { write: (line: string) => void (logged += line) }),
  );
});
afterEach(() => door.close());

const machineArn = (name: string) => `arn:aws:states:us-east-1:000000000000:stateMachine:${name}`;
const describeMachine = (name: string) =>
  door.call("DescribeStateMachine", { stateMachineArn: machineArn(name) });

describe("answers", () => {
  test("every answer carries a request id and the AWS JSON content type", async () => {
    const [good, bad] = [await door.call("ListActivities"), await door.call("Nothing")];
    for (const { headers } of [good, bad]) {
      expect(headers.get("x-amzn-requestid")).toMatch(/^[0-9a-f-]{36}$/);
      expect(headers.get("content-type")).toBe("application/x-amz-json-1.0");
    }
    expect(good.headers.get("x-amzn-requestid")).not.toBe(bad.headers.get("x-amzn-requestid"));
  });

  test("an empty body is an empty request", async () => {
    expect((await door.call("ListActivities", "")).body).toEqual({ activities: [] });
  });

  test("a null is an absent field", async () => {
    expect((await door.call("ListActivities", { maxResults: null, nextToken: null })).status).toBe(
      200,
    );
  });

  test("unknown fields are ignored", async () => {
    expect((await door.call("ListActivities", { colour: "red" })).status).toBe(200);
  });
});

describe("bad requests", () => {
  test.each([
    ["not JSON", "{", "SerializationException: the request body is not JSON"],
    ["an array", "[]", "SerializationException: the request body must be a JSON object"],
    ["a text", '"x"', "SerializationException: the request body must be a JSON object"],
    [
      "a number for a text",
      { stateMachineArn: 1 },
      "SerializationException: NUMBER_VALUE can not be converted to a String at 'stateMachineArn'",
    ],
    [
      "an object for a text",
      { stateMachineArn: {} },
      "SerializationException: START_OBJECT can not be converted to a String at 'stateMachineArn'",
    ],
    [
      "a missing field",
      {},
      "ValidationException: 1 validation error detected: Value null at 'stateMachineArn' failed to satisfy constraint: Member must not be null",
    ],
    [
      "an empty text",
      { stateMachineArn: "" },
      "ValidationException: 1 validation error detected: Value '' at 'stateMachineArn' failed to satisfy constraint: Member must have length greater than or equal to 1",
    ],
  ])("a body that is %s is refused", async (_what, body, expected) => {
    expect(await door.refusal("DescribeStateMachine", body)).toBe(expected);
  });

  test("all broken constraints are named at once", async () => {
    expect(await door.refusal("ListActivities", { maxResults: 1_001, nextToken: "" })).toBe(
      "ValidationException: 2 validation errors detected: " +
        "Value '1001' at 'maxResults' failed to satisfy constraint: Member must have value less than or equal to 1000; " +
        "Value '' at 'nextToken' failed to satisfy constraint: Member must have length greater than or equal to 1",
    );
  });

  test("a broken constraint inside a list is named by its 1-based place", async () => {
    const tags = [
      { key: "a", value: "" },
      { key: "", value: "" },
    ];
    expect(await door.refusal("CreateActivity", { name: "a", tags })).toContain(
      "Value '' at 'tags.2.member.key'",
    );
  });

  test("values that AWS holds to be sensitive are not repeated", async () => {
    const definition = "x".repeat(1_048_577);
    expect(await door.refusal("ValidateStateMachineDefinition", { definition })).toBe(
      "ValidationException: 1 validation error detected: Value at 'definition' failed to satisfy constraint: Member must have length less than or equal to 1048576",
    );
  });

  test("a body that is no UTF-8 is refused", async () => {
    const answer = await door.call(
      "ListActivities",
      {},
      { body: new Uint8Array([0x7b, 0xff, 0x7d]) },
    );
    expect(answer.body["message"]).toBe("the request body is not UTF-8");
  });

  test("a body over 4 MiB is refused", async () => {
    const answer = await door.call("ListActivities", `"${"x".repeat(4 * 1_024 * 1_024)}"`);
    expect(answer.status).toBe(413);
    expect(answer.body).toEqual({
      __type: "RequestEntityTooLargeException",
      message: "the request body is larger than 4194304 bytes",
    });
  });

  test("a body without end is cut off", async () => {
    const chunk = new Uint8Array(1_024 * 1_024);
    let sent = 0;
    const body = new ReadableStream<Uint8Array>({
      pull: (controller) => (sent++ < 64 ? controller.enqueue(chunk) : controller.close()),
    });
    const answer = door.call("ListActivities", {}, { body, duplex: "half" });
    // The server may close the socket before or after the client has read the answer.
    await answer.then(
      ({ status }) => expect(status).toBe(413),
      (error: unknown) => expect(error).toBeInstanceOf(TypeError),
    );
    expect(sent).toBeLessThan(64);
    expect((await door.call("ListActivities")).status).toBe(200);
  });

  test.each(["", "Nothing", "__proto__", "constructor", "toString"])(
    "the unknown operation '%s' is refused as such",
    async (name) => {
      const answer = await door.call(name);
      expect(answer.status).toBe(400);
      expect(answer.body["__type"]).toBe("UnknownOperationException");
    },
  );

  test("a key named __proto__ changes nothing", async () => {
    await door.call("ListActivities", '{"__proto__":{"maxResults":1001}}');
    expect(({} as Record<string, unknown>)["maxResults"]).toBeUndefined();
  });
});

describe("errors", () => {
  test("the unexpected answers InternalFailure with HTTP 500, says nothing, and is logged", async () => {
    const answer = await describeMachine("broken");
    expect(answer.status).toBe(500);
    expect(answer.body).toEqual({ __type: "InternalFailure", message: "internal error" });
    expect(logged).toContain("cannot read the secret of undefined");
    expect(logged).toContain(answer.headers.get("x-amzn-requestid"));
  });

  test("overload answers what AWS's clients retry", async () => {
    expect((await describeMachine("busy")).body).toEqual({
      __type: "ThrottlingException",
      message: "too many requests",
    });
    const away = await describeMachine("away");
    expect([away.status, away.body["__type"]]).toEqual([503, "ServiceUnavailable"]);
  });

  test("a refusal names its type in the header as well", async () => {
    expect((await describeMachine("none")).headers.get("x-amzn-errortype")).toBe(
      "StateMachineDoesNotExist",
    );
    expect(logged).toBe("");
  });
});

test("all 37 operations of the API are known", () => {
  expect(Object.keys(operations)).toHaveLength(37);
});
