/**
 * What a Task's Resource names: how it is served, and the one queue where workers find it.
 *
 * | Resource | kind | queue |
 * |---|---|---|
 * | `arn:aws:lambda:<region>:<account>:function:<name>[:<qualifier>]` | Lambda | `<name>` |
 * | `arn:aws:lambda:::<name>` (the name may have colons) | Lambda | `<name>` |
 * | `arn:aws:states:::lambda:function:<name>` | Lambda | `<name>` |
 * | `arn:aws:states:<region>:<account>:activity:<name>` | Activity | the ARN |
 * | `arn:aws:states:::lambda:invoke[.waitForTaskToken]` | Service | from FunctionName at run time |
 * | `arn:aws:states:::<service>:<action>[.<pattern>]` | Service | `<service>:<action>`, without the pattern |
 * | anything else, such as `process:order[.waitForTaskToken]` | Worker | the text, without the pattern |
 */
import type { IntegrationPattern, TaskResource } from "./definition.ts";
import { isAwsService } from "./optimized-integrations.ts";

/** The name under which workers find what `resource` names, whatever its spelling. Idempotent. */
export function queueName(resource: string): string {
  const classified = classifyResource(resource);
  return classified.queue ?? resource;
}

export function classifyResource(text: string): TaskResource {
  const lambda = lambdaName(text);
  if (lambda !== undefined) return { kind: "Lambda", text, queue: lambda };
  if (isActivityArn(text)) return { kind: "Activity", text, queue: text };
  return serviceResource(text) ?? workerResource(text);
}

/** How a task of this resource ends. Functions and activities answer. */
export function patternOf(resource: TaskResource): IntegrationPattern {
  return "pattern" in resource ? resource.pattern : "RequestResponse";
}

/** Whether the state's expressions see a token, under which anyone may end the task. */
export function hasTaskToken(resource: TaskResource): boolean {
  return patternOf(resource) !== "RequestResponse";
}

const callbackSuffix = ".waitForTaskToken";

function workerResource(text: string): TaskResource {
  if (!text.endsWith(callbackSuffix) || text === callbackSuffix)
    return { kind: "Worker", text, queue: text, pattern: "RequestResponse" };
  const queue = text.slice(0, -callbackSuffix.length);
  return { kind: "Worker", text, queue, pattern: "waitForTaskToken" };
}

/**
 * The queue of a `lambda:invoke` task from its FunctionName: a name, a name with a qualifier, a partial
 * ARN (`<account>:function:<name>`) or a whole one.
 */
export function functionQueue(functionName: string): string {
  const partial = /^[0-9]{12}:function:([^:]+)(?::[^:]+)?$/.exec(functionName);
  return (
    partial?.[1] ?? lambdaName(functionName) ?? functionName.replace(/:(?:\$LATEST|[0-9]+)$/, "")
  );
}

const partition = "arn:aws[a-zA-Z-]*";
const functionArn = new RegExp(`^${partition}:lambda:[^:]+:[^:]*:function:([^:]+)(?::[^:]+)?$`);
const shortLambdaArn = new RegExp(`^${partition}:lambda:::(?:function:)?(.+)$`, "s");
const seedLambdaArn = new RegExp(`^${partition}:states:::lambda:function:(.+)$`, "s");

function lambdaName(text: string): string | undefined {
  for (const pattern of [functionArn, shortLambdaArn, seedLambdaArn]) {
    const name = pattern.exec(text)?.[1];
    if (name !== undefined) return name;
  }
  return undefined;
}

/** Whether AWS knows what the Resource names; the others are names that workers have. */
export function isAwsResource(text: string): boolean {
  const found = classifyResource(text);
  switch (found.kind) {
    case "Lambda":
      return functionArn.test(text);
    case "Activity":
      return true;
    case "Service":
      return isAwsService(found.resourceType);
    case "Worker":
      return false;
  }
}

const activityArn = new RegExp(`^${partition}:states:[^:]+:[^:]*:activity:[^:]+$`);

export function isActivityArn(text: string): boolean {
  return activityArn.test(text);
}

const serviceArn = new RegExp(
  `^${partition}:states:[^:]*:[^:]*:((?:aws-sdk:)?[A-Za-z0-9-]+):([A-Za-z0-9]+)(?:\\.(sync:2|sync|waitForTaskToken))?$`,
);

function serviceResource(text: string): TaskResource | undefined {
  const [, resourceType, action, suffix] = serviceArn.exec(text) ?? [];
  if (resourceType === undefined || action === undefined) return undefined;
  const pattern =
    suffix === "sync" || suffix === "sync:2" || suffix === "waitForTaskToken"
      ? suffix
      : "RequestResponse";
  const resource = suffix === undefined ? action : `${action}.${suffix}`;
  const isInvoke = resourceType === "lambda" && action === "invoke";
  return {
    kind: "Service",
    text,
    resourceType,
    resource,
    pattern,
    ...(!isInvoke && { queue: `${resourceType}:${action}` }),
  };
}
