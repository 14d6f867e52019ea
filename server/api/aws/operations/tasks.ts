import { queueName } from "../../../asl/index.ts";
import type {
  HeartbeatReply,
  OutcomeAck,
  PollTasks,
  Task,
  TaskOutcome,
} from "../../../engine/engine.ts";
import { checkStorable } from "../../../engine/check-storable.ts";
import { AwsError } from "../aws-error.ts";
import { refuse } from "../errors.ts";
import { fields } from "../fields.ts";
import { jsonSyntaxError } from "../json-syntax.ts";
import { operation, type Call, type Operations } from "../operation.ts";

/** How long a poll is held while there is no task. AWS's clients wait 65 s or more for the answer. */
const pollMs = 55_000;

/** Workers over the AWS API: poll for a task, answer it. */
export const taskOperations: Operations = {
  /** `activityArn` may name any resource: an activity, a Lambda function, a bare name. */
  GetActivityTask: operation(
    { activityArn: fields.arn, workerName: fields.optionalName },
    async ({ activityArn, workerName }, call) => {
      checkStorable({ activityArn, workerName });
      await checkResource(activityArn, call);
      const [task] = await call.engine.pollTasks(pollFor(queueName(activityArn), workerName, call));
      return task === undefined ? {} : handOver(task, call);
    },
  ),

  SendTaskSuccess: operation(
    { taskToken: fields.taskToken, output: { kind: "string", isRequired: true } } as const,
    async ({ taskToken, output }, call) => {
      const error = jsonSyntaxError(output);
      if (error !== undefined) throw refuse("InvalidOutput", error.message);
      return report(taskToken, { kind: "Succeeded", output }, call);
    },
  ),

  SendTaskFailure: operation(
    { taskToken: fields.taskToken, error: fields.error, cause: fields.cause },
    async ({ taskToken, error, cause }, call) => {
      const failure = {
        ...(error !== undefined && { error }),
        ...(cause !== undefined && { cause }),
      };
      return report(taskToken, { kind: "Failed", failure }, call);
    },
  ),

  SendTaskHeartbeat: operation(
    { taskToken: fields.taskToken },
    async ({ taskToken }, { engine }) => {
      const [reply] = await engine.heartbeatTasks([{ taskToken: tokenBytes(taskToken) }]);
      const refusal = reply && heartbeatRefusals[reply.state];
      if (refusal !== undefined) throw refuse(refusal);
      return {};
    },
  ),
};

/** An activity must have been created; any other resource is there when a definition names it. */
async function checkResource(resource: string, { engine }: Call): Promise<void> {
  if (isActivityArn.test(resource)) await engine.describeActivity(resource);
}

const isActivityArn = /^arn:[^:]*:states:[^:]*:[^:]*:activity:/;

const pool = "poll";

function pollFor(
  queue: string,
  workerName: string | undefined,
  { pollSignal, requestId, remoteAddress }: Call,
): PollTasks {
  return {
    hello: {
      workerId: requestId,
      sessionIndex: 0,
      identity: workerName ?? "",
      pools: [{ name: pool, resources: [queue], slots: 1 }],
      labels: {},
      runtime: {},
      buildId: "",
      maxInlineInputBytes: Number.MAX_SAFE_INTEGER,
      remoteAddress,
    },
    maxTasks: { [pool]: 1 },
    waitMs: pollMs,
    signal: pollSignal,
    isLeaseless: true,
  };
}

/** The task in the answer; back to the queue when the client has gone in the meantime. */
async function handOver(task: Task, { engine, signal }: Call): Promise<object> {
  if (signal.aborted) {
    await engine.releaseTasks([task.taskToken]);
    return {};
  }
  const input = task.isInputOmitted ? await engine.getTaskInput(task.taskToken) : task.input;
  return { taskToken: Buffer.from(task.taskToken).toString("base64url"), input };
}

/** @throws AwsError InvalidToken for what is no base64url text */
function tokenBytes(taskToken: string): Uint8Array {
  if (!/^[\w-]+$/.test(taskToken)) throw refuse("InvalidToken");
  return new Uint8Array(Buffer.from(taskToken, "base64url"));
}

async function report(
  taskToken: string,
  result: TaskOutcome["result"],
  { engine }: Call,
): Promise<object> {
  const [ack] = await engine.reportTasks([{ taskToken: tokenBytes(taskToken), result }]);
  if (ack === undefined || ack.status === "RETRY") {
    throw new AwsError(
      "ServiceUnavailable",
      "the outcome could not be recorded now; send it again",
      { httpStatus: 503 },
    );
  }
  if (ack.reason !== undefined && ack.status === "INVALID" && ack.reason !== "INVALID_TOKEN")
    throw refuse("InvalidOutput", ack.message);
  const refusal = outcomeRefusals[ack.status];
  if (refusal !== undefined) throw refuse(refusal);
  return {};
}

/** An outcome that was recorded before is acknowledged again: a client that lost the answer may repeat itself. */
const outcomeRefusals = {
  RECORDED: undefined,
  ALREADY_RECORDED: undefined,
  LEASE_LOST: "TaskTimedOut",
  TIMED_OUT: "TaskTimedOut",
  EXECUTION_CLOSED: "TaskDoesNotExist",
  INVALID: "InvalidToken",
} as const satisfies Record<Exclude<OutcomeAck["status"], "RETRY">, string | undefined>;

/** A task whose execution was stopped answers TaskTimedOut, so that its worker stops, too. */
const heartbeatRefusals = {
  ACTIVE: undefined,
  CANCEL_REQUESTED: "TaskTimedOut",
  LEASE_LOST: "TaskTimedOut",
  FINISHED: "TaskTimedOut",
  UNKNOWN: "InvalidToken",
} as const satisfies Record<HeartbeatReply["state"], string | undefined>;
