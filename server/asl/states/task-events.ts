import { isObject } from "../json.ts";
import { failureDetails, inputDetails, outputDetails } from "../text-details.ts";
import type { TaskResource } from "../definition/definition.ts";
import type { TaskStart } from "../event.ts";
import type { HistoryEventType } from "../history-event.ts";
import type { Json } from "../json.ts";
import type { Payload } from "../payload.ts";
import type { AwsNames } from "../turn.ts";
import type { Failure } from "../states-error.ts";

/** The history events of a kind of task: their types and what AWS says in them. */
export interface TaskEvents {
  readonly scheduled: HistoryEventType;
  readonly started: HistoryEventType;
  readonly succeeded: HistoryEventType;
  readonly failed: HistoryEventType;
  readonly timedOut: HistoryEventType;
  scheduledDetails(resource: TaskResource, input: Payload, settings: Scheduling): Details;
  startedDetails(resource: TaskResource, start: TaskStart | undefined): Details | undefined;
  succeededDetails(resource: TaskResource, output: Payload): Details;
  failedDetails(resource: TaskResource, failure: Failure): Details;
}

export interface Scheduling {
  readonly timeoutSeconds: number | undefined;
  readonly heartbeatSeconds: number | undefined;
  /** What Credentials comes to. Shown; Pawl has no roles to assume. */
  readonly credentials: Json | undefined;
  readonly aws: AwsNames;
}

type Details = { [key: string]: Json };

const lambdaEvents: TaskEvents = {
  scheduled: "LambdaFunctionScheduled",
  started: "LambdaFunctionStarted",
  succeeded: "LambdaFunctionSucceeded",
  failed: "LambdaFunctionFailed",
  timedOut: "LambdaFunctionTimedOut",
  scheduledDetails: ({ text }, input, { timeoutSeconds, credentials }) => ({
    ...inputDetails(input),
    resource: text,
    ...taskCredentials(credentials),
    ...(timeoutSeconds !== undefined && { timeoutInSeconds: timeoutSeconds }),
  }),
  startedDetails: () => undefined,
  succeededDetails: (_, output) => outputDetails(output),
  failedDetails: (_, failure) => failureDetails(failure),
};

const activityEvents: TaskEvents = {
  scheduled: "ActivityScheduled",
  started: "ActivityStarted",
  succeeded: "ActivitySucceeded",
  failed: "ActivityFailed",
  timedOut: "ActivityTimedOut",
  scheduledDetails: ({ text }, input, settings) => ({
    ...inputDetails(input),
    resource: text,
    ...limits(settings),
  }),
  startedDetails: (_, start) =>
    start?.workerName === undefined ? {} : { workerName: start.workerName },
  succeededDetails: (_, output) => outputDetails(output),
  failedDetails: (_, failure) => failureDetails(failure),
};

const serviceEvents: TaskEvents = {
  scheduled: "TaskScheduled",
  started: "TaskStarted",
  succeeded: "TaskSucceeded",
  failed: "TaskFailed",
  timedOut: "TaskTimedOut",
  scheduledDetails: (resource, input, settings) => ({
    parameters: input.text,
    region: settings.aws.region,
    ...typed(resource),
    ...taskCredentials(settings.credentials),
    ...limits(settings),
  }),
  startedDetails: typed,
  succeededDetails: (resource, output) => ({ ...outputDetails(output), ...typed(resource) }),
  failedDetails: (resource, failure) => ({ ...failureDetails(failure), ...typed(resource) }),
};

export const taskEvents: { readonly [Kind in TaskResource["kind"]]: TaskEvents } = {
  Lambda: lambdaEvents,
  Activity: activityEvents,
  Service: serviceEvents,
  Worker: serviceEvents,
};

function typed(resource: TaskResource): Details {
  if (resource.kind === "Service")
    return { resource: resource.resource, resourceType: resource.resourceType };
  return { resource: resource.text, resourceType: "pawl" };
}

function taskCredentials(credentials: Json | undefined): Details {
  const roleArn = isObject(credentials) ? credentials["RoleArn"] : undefined;
  return roleArn === undefined ? {} : { taskCredentials: { roleArn } };
}

function limits({ timeoutSeconds, heartbeatSeconds }: Scheduling): Details {
  return {
    ...(timeoutSeconds !== undefined && { timeoutInSeconds: timeoutSeconds }),
    ...(heartbeatSeconds !== undefined && { heartbeatInSeconds: heartbeatSeconds }),
  };
}
