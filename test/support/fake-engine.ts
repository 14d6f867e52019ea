import type {
  Activity,
  CreateStateMachine,
  Engine,
  Execution,
  HeartbeatReply,
  ListExecutions,
  ListHistory,
  OutcomeAck,
  Page,
  PollTasks,
  RedriveExecution,
  StartExecution,
  StateMachine,
  Task,
  TaskHeartbeat,
  TaskOutcome,
  UpdateStateMachine,
} from "../../server/engine/engine.ts";
import type { Diagnostic, HistoryEvent } from "../../server/asl/index.ts";
import { Arns, doesNotExist } from "../../server/engine/arns.ts";
import { EngineError } from "../../server/engine/errors.ts";
import { checkName } from "../../server/engine/names.ts";

/**
 * An engine in memory for tests of the doors: it keeps what it is told and interprets nothing.
 * Tests read and set its fields; methods given as `overrides` replace its own.
 */
export function fakeEngine(overrides: Partial<Engine> = {}): FakeEngine & Engine {
  return Object.assign(new FakeEngine(), overrides) as FakeEngine & Engine;
}

const arnPrefix = "arn:aws:states:us-east-1:000000000000";
const arns = new Arns({ region: "us-east-1", accountId: "000000000000" });
const startMs = 1_700_000_000_123;

export class FakeEngine {
  readonly serverId = "fake";
  readonly machines = new Map<string, StateMachine>();
  readonly activities = new Map<string, Activity>();
  readonly executions = new Map<string, Execution>();
  readonly history: HistoryEvent[] = [];
  readonly outcomes: TaskOutcome[] = [];
  readonly released: Uint8Array[] = [];
  diagnostics: readonly Diagnostic[] = [];
  /** What the next poll answers. */
  tasks: Task[] = [];
  lastPoll: PollTasks | undefined;
  lastStart: StartExecution | undefined;
  lastRedrive: RedriveExecution | undefined;
  lastHistoryQuery: ListHistory | undefined;
  lastListQuery: ListExecutions | undefined;
  #revision = 0;

  // Prototype methods, so that `Object.assign` can lay overrides over them.

  async createStateMachine(request: CreateStateMachine) {
    checkName(request.name);
    const existing = this.machines.get(request.name);
    if (existing !== undefined) {
      if (existing.definition === request.definition)
        return { stateMachine: existing, created: false, warnings: [] };
      throw new EngineError(
        "StateMachineAlreadyExists",
        `State Machine Already Exists: '${existing.arn}'`,
      );
    }
    const stateMachine: StateMachine = {
      id: request.name,
      name: request.name,
      arn: `${arnPrefix}:stateMachine:${request.name}`,
      type: request.type ?? "STANDARD",
      status: "ACTIVE",
      definition: request.definition,
      definitionFormat: request.format ?? "JSON",
      roleArn: request.roleArn ?? "",
      description: request.description ?? "",
      labels: request.labels ?? {},
      ...(request.logging !== undefined && { logging: request.logging }),
      ...(request.tracing !== undefined && { tracing: request.tracing }),
      ...(request.encryption !== undefined && { encryption: request.encryption }),
      revisionId: "revision-0",
      updateCount: 0,
      createdAtMs: startMs,
      updatedAtMs: startMs,
    };
    this.machines.set(request.name, stateMachine);
    return { stateMachine, created: true, warnings: [] };
  }

  async updateStateMachine({ reference, ...change }: UpdateStateMachine) {
    const before = await this.describeStateMachine(reference);
    this.#revision += 1;
    const {
      definition = before.definition,
      roleArn = before.roleArn,
      logging = before.logging,
      tracing = before.tracing,
    } = change;
    const stateMachine: StateMachine = {
      ...before,
      definition,
      roleArn,
      ...(logging !== undefined && { logging }),
      ...(tracing !== undefined && { tracing }),
      revisionId: `revision-${this.#revision}`,
      updateCount: before.updateCount + 1,
      updatedAtMs: startMs + this.#revision * 1_000,
    };
    this.machines.set(before.name, stateMachine);
    return { stateMachine, warnings: [] };
  }

  async describeStateMachine(reference: string): Promise<StateMachine> {
    const found = this.machines.get(arns.parseStateMachine(reference));
    if (found === undefined) throw doesNotExist("StateMachineDoesNotExist", reference);
    return found;
  }

  async listStateMachines(query: {
    pageSize?: number;
    pageToken?: string;
  }): Promise<Page<StateMachine>> {
    return pageOf([...this.machines.values()], query);
  }

  async deleteStateMachine(reference: string) {
    const found = this.machines.get(arns.parseStateMachine(reference));
    this.machines.delete(arns.parseStateMachine(reference));
    return found;
  }

  async variableReferences() {
    return {};
  }

  validateDefinition(): readonly Diagnostic[] {
    return this.diagnostics;
  }

  async createActivity({ name }: { name: string }): Promise<Activity> {
    checkName(name);
    const activity = this.activities.get(name) ?? {
      name,
      arn: `${arnPrefix}:activity:${name}`,
      createdAtMs: startMs,
    };
    this.activities.set(name, activity);
    return activity;
  }

  async describeActivity(arn: string): Promise<Activity> {
    const found = this.activities.get(arns.parseActivity(arn));
    if (found === undefined) throw doesNotExist("ActivityDoesNotExist", arn);
    return found;
  }

  async deleteActivity(arn: string): Promise<void> {
    this.activities.delete(arns.parseActivity(arn));
  }

  async listActivities(query: { pageSize?: number; pageToken?: string }): Promise<Page<Activity>> {
    return pageOf([...this.activities.values()], query);
  }

  async startExecution(request: StartExecution) {
    this.lastStart = request;
    if (request.name !== undefined) checkName(request.name);
    const machine = await this.describeStateMachine(request.stateMachine);
    const name = request.name ?? `execution-${this.executions.size}`;
    const kind = machine.type === "EXPRESS" ? "express" : "execution";
    const arn = `${arnPrefix}:${kind}:${machine.name}:${name}${kind === "express" ? ":uuid" : ""}`;
    const existing = this.executions.get(arn);
    if (existing !== undefined && existing.input !== request.input)
      throw new EngineError("ExecutionAlreadyExists", `Execution Already Exists: '${arn}'`);
    const execution: Execution = existing ?? {
      id: arn,
      name,
      arn,
      stateMachineArn: machine.arn,
      stateMachineName: machine.name,
      type: machine.type,
      revisionId: machine.revisionId,
      status: "RUNNING",
      startedAtMs: startMs,
      input: request.input ?? "{}",
      labels: {},
      ...(request.trace !== undefined && { trace: request.trace }),
      eventCount: 0,
      redrive: { count: 0, refusal: "Execution is RUNNING and cannot be redriven" },
    };
    this.executions.set(arn, execution);
    return { execution, created: existing === undefined };
  }

  /** Ends an execution, as an outcome of its tasks would. */
  close(arn: string, end: Pick<Execution, "status" | "output" | "failure">): void {
    const refusal = "Execution is SUCCEEDED and cannot be redriven";
    this.executions.set(arn, {
      ...this.executions.get(arn)!,
      ...end,
      redrive: { count: 0, ...(end.status === "SUCCEEDED" && { refusal }) },
      stoppedAtMs: startMs + 1_250,
    });
  }

  async describeExecution(reference: string): Promise<Execution> {
    const found = this.executions.get(reference);
    if (found === undefined) throw doesNotExist("ExecutionDoesNotExist", reference);
    return found;
  }

  async describeStateMachineForExecution(reference: string): Promise<StateMachine> {
    const { stateMachineName } = await this.describeExecution(reference);
    return this.describeStateMachine(stateMachineName);
  }

  async listExecutions(query: ListExecutions): Promise<Page<Execution>> {
    this.lastListQuery = query;
    const all = [...this.executions.values()].toReversed();
    return pageOf(
      all.filter(({ status }) => query.status === undefined || status === query.status),
      query,
    );
  }

  async listHistory(_reference: string, query: ListHistory): Promise<Page<HistoryEvent>> {
    this.lastHistoryQuery = query;
    return pageOf(query.reverse === true ? this.history.toReversed() : this.history, query);
  }

  async waitForExecution(id: string, _signal: AbortSignal): Promise<Execution> {
    return this.describeExecution(id);
  }

  async stopExecution(
    reference: string,
    failure: NonNullable<Execution["failure"]>,
  ): Promise<Execution> {
    const { status } = await this.describeExecution(reference);
    if (status !== "RUNNING")
      throw new EngineError("ExecutionNotRunning", `execution ${reference} is ${status}`);
    this.close(reference, { status: "ABORTED", failure });
    return this.describeExecution(reference);
  }

  async redriveExecution(request: RedriveExecution) {
    this.lastRedrive = request;
    return { execution: await this.describeExecution(request.execution), timeMs: startMs + 2_000 };
  }

  async pollTasks(request: PollTasks): Promise<readonly Task[]> {
    this.lastPoll = request;
    const task = this.tasks.shift();
    return task === undefined ? [] : [task];
  }

  async reportTasks(outcomes: readonly TaskOutcome[]): Promise<readonly OutcomeAck[]> {
    this.outcomes.push(...outcomes);
    return outcomes.map(({ taskToken }) => ({ taskToken, status: "RECORDED" }));
  }

  async heartbeatTasks(beats: readonly TaskHeartbeat[]): Promise<readonly HeartbeatReply[]> {
    return beats.map(({ taskToken }) => ({ taskToken, state: "ACTIVE" }));
  }

  async releaseTasks(taskTokens: readonly Uint8Array[]): Promise<void> {
    this.released.push(...taskTokens);
  }

  async getTaskInput(): Promise<string> {
    return '"the omitted input"';
  }
}

/** A task as the fake hands it out. */
export function fakeTask(resource: string, input: string): Task {
  return {
    taskToken: new TextEncoder().encode("token-of-a-task"),
    taskId: "1",
    pool: "",
    resource,
    rawResource: resource,
    input,
    isInputOmitted: false,
    inputBytes: input.length,
    attempt: 1,
    delivery: 1,
    executionId: "execution",
    executionArn: `${arnPrefix}:execution:machine:execution`,
    stateMachineName: "machine",
    statePath: "/States/Work",
    stateName: "Work",
    scheduledAtMs: startMs,
    idempotencyKey: "key",
    labels: {},
  };
}

function pageOf<Item>(
  items: readonly Item[],
  { pageSize = 100, pageToken = "0" }: { pageSize?: number; pageToken?: string },
): Page<Item> {
  const from = Number(pageToken);
  if (!Number.isInteger(from)) throw new EngineError("InvalidToken", "page token is not valid");
  const to = from + pageSize;
  return { items: items.slice(from, to), ...(to < items.length && { nextPageToken: String(to) }) };
}
