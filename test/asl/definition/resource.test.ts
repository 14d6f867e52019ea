import { expect, test } from "vitest";
import { functionQueue, queueName } from "../../../server/asl/index.ts";
import { classifyResource } from "../../../server/asl/definition/resource.ts";

const activity = "arn:aws:states:us-east-1:000000000000:activity:approve";

test.each([
  ["arn:aws:lambda:us-east-1:123456789012:function:charge", "Lambda", "charge"],
  ["arn:aws:lambda:us-east-1:123456789012:function:charge:prod", "Lambda", "charge"],
  ["arn:aws:lambda:us-east-1:123456789012:function:charge:$LATEST", "Lambda", "charge"],
  ["arn:aws-cn:lambda:cn-north-1:123456789012:function:charge", "Lambda", "charge"],
  ["arn:aws:lambda:::process:order", "Lambda", "process:order"],
  ["arn:aws:lambda:::function:charge", "Lambda", "charge"],
  ["arn:aws:states:::lambda:function:process:order", "Lambda", "process:order"],
  [activity, "Activity", activity],
  ["arn:aws:states:::sqs:sendMessage.waitForTaskToken", "Service", "sqs:sendMessage"],
  ["arn:aws:states:::aws-sdk:dynamodb:putItem", "Service", "aws-sdk:dynamodb:putItem"],
  ["arn:aws:states:::states:startExecution.sync:2", "Service", "states:startExecution"],
  ["process:order", "Worker", "process:order"],
  ["https://example.com/hook", "Worker", "https://example.com/hook"],
])("%s is a %s task, served under %s", (resource, kind, queue) => {
  expect(classifyResource(resource)).toMatchObject({ kind, queue, text: resource });
  expect(queueName(resource)).toBe(queue);
  expect(queueName(queue)).toBe(queue);
});

test.each([
  ["arn:aws:states:::lambda:invoke", "lambda", "invoke", "RequestResponse"],
  [
    "arn:aws:states:::lambda:invoke.waitForTaskToken",
    "lambda",
    "invoke.waitForTaskToken",
    "waitForTaskToken",
  ],
  ["arn:aws:states:::states:startExecution.sync:2", "states", "startExecution.sync:2", "sync:2"],
  ["arn:aws:states:::ecs:runTask.sync", "ecs", "runTask.sync", "sync"],
  ["arn:aws:states:::aws-sdk:s3:getObject", "aws-sdk:s3", "getObject", "RequestResponse"],
])("%s is split as history shows it", (text, resourceType, resource, pattern) => {
  expect(classifyResource(text)).toMatchObject({
    kind: "Service",
    resourceType,
    resource,
    pattern,
  });
});

test.each([
  ["charge", "charge"],
  ["charge:$LATEST", "charge"],
  ["charge:7", "charge"],
  ["process:order", "process:order"],
  ["123456789012:function:charge", "charge"],
  ["123456789012:function:charge:prod", "charge"],
  ["arn:aws:lambda:us-east-1:123456789012:function:charge:prod", "charge"],
  ["arn:aws:lambda:::process:order", "process:order"],
])("lambda:invoke of FunctionName %s is served under %s", (name, queue) => {
  expect(functionQueue(name)).toBe(queue);
});
