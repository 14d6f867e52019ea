import { describe, expect, test } from "vitest";
import { testState } from "../../../server/asl/index.ts";
import type { FieldValidationMode } from "../../../server/asl/index.ts";
import { startMs, turnAt } from "../../support/asl/builders.ts";

async function problemOf(
  service: string,
  result: unknown,
  fieldValidationMode: FieldValidationMode = "STRICT",
): Promise<string | undefined> {
  const state = {
    Type: "Task",
    Resource: `arn:aws:states:::${service}`,
    Parameters: service.startsWith("states:")
      ? { StateMachineArn: "arn:aws:states:us-east-1:000000000000:stateMachine:m" }
      : { FunctionName: "f" },
    End: true,
  };
  const mock = { result: JSON.stringify(result), fieldValidationMode };
  const given = { definition: JSON.stringify(state), mock };
  try {
    await testState(given, turnAt(startMs), () => Promise.reject(new Error("no worker is asked")));
    return undefined;
  } catch (error) {
    return (error as Error).message.replace("Mock result schema validation error: ", "");
  }
}

describe("a mocked result is what the service answers", () => {
  test.each<[string, unknown, string]>([
    ["lambda:invoke", { StatusCode: "200" }, "Field 'StatusCode' must be a number"],
    ["lambda:invoke", 7, "Result must be an object"],
    ["aws-sdk:s3:getObject", { Metadata: [] }, "Field 'Metadata' must be an object"],
    ["aws-sdk:s3:getObject", { DeleteMarker: 1 }, "Field 'DeleteMarker' must be a boolean"],
    [
      "aws-sdk:s3:getObject",
      { StorageClass: "Papyrus" },
      "Field 'StorageClass' is not an expected value",
    ],
    ["aws-sdk:s3:listObjectsV2", { Contents: {} }, "Field 'Contents' must be an array"],
    [
      "aws-sdk:s3:listObjectsV2",
      { Contents: [{ Size: 1 }, { Size: "1" }] },
      "Field 'Size' must be a number",
    ],
    ["dynamodb:getItem", { Item: { id: { S: 1 } } }, "Field 'S' must be a string"],
    [
      "aws-sdk:kms:encrypt",
      { CiphertextBlob: "" },
      "Field 'CiphertextBlob' is smaller than the minimum length",
    ],
    [
      "aws-sdk:kms:encrypt",
      { CiphertextBlob: "x".repeat(6_145) },
      "Field 'CiphertextBlob' exceeds the maximum length",
    ],
    [
      "aws-sdk:lambda:getFunction",
      { Configuration: { MemorySize: 127 } },
      "Field 'MemorySize' is less than the minimum value",
    ],
    [
      "aws-sdk:lambda:getFunction",
      { Configuration: { MemorySize: 10_241 } },
      "Field 'MemorySize' exceeds the maximum value",
    ],
    ["states:startExecution", { ExecutionArn: "arn" }, "Field 'StartDate' is required"],
  ])("%s %j: refused", async (service, result, problem) => {
    expect(await problemOf(service, result)).toBe(problem);
  });

  test.each<[string, unknown, FieldValidationMode?]>([
    ["lambda:invoke", { StatusCode: "200" }, "NONE"],
    ["states:startExecution", { ExecutionArn: "arn" }, "PRESENT"],
    ["states:startExecution", { ExecutionArn: "arn", StartDate: "2024-01-01T00:00:00Z" }],
    ["lambda:invoke", { Payload: { any: ["thing"] }, pokemon: 1 }],
    ["events:putEvents", { constructor: 1 }],
    ["aws-sdk:lambda:constructor", { a: 1 }],
    ["apigateway:invoke", [1]],
    ["states:startExecution.sync:2", { Output: {} }],
    ["sqs:sendMessage.waitForTaskToken", "whatever the token brought"],
  ])("%s %j %s: taken", async (service, result, mode) => {
    expect(await problemOf(service, result, mode)).toBeUndefined();
  });
});
