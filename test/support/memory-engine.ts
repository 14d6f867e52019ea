/**
 * An engine in memory, as small as the API tests can do with: it keeps the promises of the `Engine`
 * interface for what those tests touch and forgets everything at the end. Executions wait for a task
 * each, or end at once when their machine is called "done".
 */
import { setTimeout as sleep } from "node:timers/promises";
import { definitionGraph } from "../../server/asl/index.ts";
import type { HistoryEvent, StateTest, TestedState } from "../../server/asl/index.ts";
import type {
  Engine,
  Execution,
  ExecutionUpdate,
  ListExecutions,
  MapRun,
  SessionSink,
  RedriveExecution,
  StartExecution,
  StateMachine,
  Task,
  TaskOutcome,
  UpdateStateMachine,
  WorkerHello,
  WorkerSession,
} from "../../server/engine/engine.ts";
import { EngineError } from "../../server/engine/errors.ts";
import { NotInMemory } from "./not-in-memory.ts";

type Mutable<Type> = { -readonly [Key in keyof Type]: Type[Key] };

interface Kept {
  execution: Mutable<Execution>;
  readonly events: HistoryEvent[];
  readonly changed: Set<() => void>;
}

export class MemorySession implements WorkerSession {
  readonly sessionId: string;
  readonly hello: WorkerHello;
  readonly sink: SessionSink;
  readonly held: WorkerSession["held"];
  readonly warnings = ["nobody uses resource spare"];
  readonly calls: unknown[][] = [];
  readonly limits: Record<string, number> = {};
  sent = 0;
  closed: boolean | undefined;
  isDrained = false;
  touches = 0;

  constructor(sessionId: string, hello: WorkerHello, sink: SessionSink) {
    this.sessionId = sessionId;
    this.hello = hello;
    this.sink = sink;
    this.held = hello.heldTaskTokens.map((token) => (token.length === 0 ? "UNKNOWN" : "ACTIVE"));
  }

  /** Hands out tasks as a turn would. */
  push(tasks: readonly Task[]): void {
    this.sent += tasks.length;
    this.sink.tasks(tasks);
  }

  demand(limits: Readonly<Record<string, number>>): void {
    this.calls.push(["demand", { ...limits }]);
    Object.assign(this.limits, limits);
  }

  accept(taskTokens: readonly Uint8Array[]): void {
    this.calls.push(["accept", taskTokens.map(textOf)]);
  }

  release(taskTokens: readonly Uint8Array[], redeliverAfterMs?: number): void {
    this.calls.push(["release", taskTokens.map(textOf), redeliverAfterMs]);
  }

  heartbeat(beats: Parameters<WorkerSession["heartbeat"]>[0]): void {
    this.calls.push(["heartbeat", beats.length]);
    this.sink.heartbeatReplies(
      beats.map(({ taskToken }) => ({ taskToken, state: "ACTIVE", leaseEndMs: 5_000 })),
    );
  }

  report(outcomes: readonly TaskOutcome[]): void {
    this.calls.push([
      "report",
      outcomes.map(({ taskToken, result }) => [textOf(taskToken), result]),
    ]);
    for (const { taskToken } of outcomes)
      this.sink.outcomeAcks([{ taskToken, status: "RECORDED" }]);
  }

  drain(): Promise<number> {
    this.isDrained = true;
    return Promise.resolve(this.sent);
  }

  touch(): void {
    this.touches += 1;
  }

  tasksSent(): Readonly<Record<string, number>> {
    return { main: this.sent };
  }

  close(clean: boolean): void {
    this.closed = clean;
  }
}

/** What is tested with the real engine only. */
const notInMemory = async (): Promise<never> => {
  throw new Error("the engine in memory has no versions, aliases, tags and statistics");
};

export class MemoryEngine extends NotInMemory implements Engine {
  readonly serverId = "server-in-memory";
  readonly machines = new Map<string, StateMachine>();
  readonly executions = new Map<string, Kept>();
  readonly sessions: MemorySession[] = [];
  readonly starts: StartExecution[] = [];
  readonly listed: ListExecutions[] = [];
  readonly redrives: RedriveExecution[] = [];
  readonly updates: UpdateStateMachine[] = [];
  readonly polls: Parameters<Engine["pollTasks"]>[0][] = [];
  readonly released: string[] = [];
  polled: readonly Task[] = [];
  watches = 0;
  /** Thrown by the next call of `describeExecution`. */
  failure: unknown;
  startDelayMs = 0;
  readonly tests: StateTest[] = [];
  tested: TestedState = { status: "SUCCEEDED", output: "{}", inspection: { input: "{}" } };
  inFlight = 0;
  inFlightMost = 0;

  testState: Engine["testState"] = async (test) => {
    this.tests.push(test);
    return this.tested;
  };

  definitionGraph: Engine["definitionGraph"] = async (source) => {
    const { definition } =
      "definition" in source ? source : await this.describeStateMachine(source.stateMachine);
    return definitionGraph(definition);
  };

  createStateMachine: Engine["createStateMachine"] = async (request) => {
    if (request.name === "bad name") {
      throw new EngineError("InvalidName", `Invalid Name: '${request.name}'`, {
        reason: "NAME_INVALID",
        violations: [{ field: "name", description: "has U+0020", reason: "NAME_INVALID" }],
      });
    }
    const existing = this.machines.get(request.name);
    if (existing !== undefined && existing.definition !== request.definition) {
      throw new EngineError(
        "StateMachineAlreadyExists",
        `State Machine Already Exists: '${existing.arn}'`,
        { resource: { type: "StateMachine", name: existing.arn } },
      );
    }
    const stateMachine = existing ?? machineOf(request.name, request.definition);
    if (request.validateOnly !== true) this.machines.set(request.name, stateMachine);
    return { stateMachine, created: existing === undefined, warnings: [] };
  };

  updateStateMachine: Engine["updateStateMachine"] = async (request) => {
    this.updates.push(request);
    const machine = await this.describeStateMachine(request.reference);
    if (request.etag !== undefined && request.etag !== machine.revisionId) {
      throw new EngineError(
        "ConflictException",
        `revision is ${machine.revisionId}, not ${request.etag}`,
        { reason: "ETAG_MISMATCH" },
      );
    }
    const stateMachine = {
      ...machine,
      ...(request.definition !== undefined && { definition: request.definition, revisionId: "r2" }),
    };
    this.machines.set(machine.name, stateMachine);
    return { stateMachine, warnings: [] };
  };

  describeStateMachine: Engine["describeStateMachine"] = async (reference) => {
    const machine = this.machines.get(reference);
    if (machine === undefined) {
      throw new EngineError(
        "StateMachineDoesNotExist",
        `State Machine Does Not Exist: '${reference}'`,
        { resource: { type: "StateMachine", name: reference } },
      );
    }
    return machine;
  };

  describeStateMachineForExecution: Engine["describeStateMachineForExecution"] = async (
    reference,
  ) => this.describeStateMachine(this.#kept(reference).execution.stateMachineName);

  listStateMachines: Engine["listStateMachines"] = async () => ({
    items: [...this.machines.values()],
  });

  deleteStateMachine: Engine["deleteStateMachine"] = async (reference) => {
    const machine = this.machines.get(reference);
    this.machines.delete(reference);
    return machine;
  };

  validateDefinition: Engine["validateDefinition"] = ({ definition }) =>
    definition === "good"
      ? []
      : ["ERROR", "WARNING"].map((severity, index) => ({
          severity: severity as "ERROR" | "WARNING",
          code: "UNKNOWN_STATE",
          awsCode: "MISSING_TRANSITION_TARGET",
          message: `Missing 'Next' target: B${index}`,
          pointer: "/States/A/Next",
          line: 3,
          column: 7,
          suggestion: 'did you mean "A"?',
        }));

  publishStateMachineVersion = notInMemory;
  listStateMachineVersions = notInMemory;
  deleteStateMachineVersion = notInMemory;
  createStateMachineAlias = notInMemory;
  updateStateMachineAlias = notInMemory;
  describeStateMachineAlias = notInMemory;
  listStateMachineAliases = notInMemory;
  deleteStateMachineAlias = notInMemory;
  variableReferences = notInMemory;
  listLabels = notInMemory;
  changeLabels = notInMemory;

  createActivity: Engine["createActivity"] = async ({ name }) => ({
    name,
    arn: `arn:activity:${name}`,
    createdAtMs: 0,
  });
  describeActivity: Engine["describeActivity"] = async (arn) => ({
    name: arn,
    arn,
    createdAtMs: 0,
  });
  deleteActivity: Engine["deleteActivity"] = async () => undefined;
  listActivities: Engine["listActivities"] = async () => ({ items: [] });

  startExecution: Engine["startExecution"] = async (request) => {
    this.inFlight += 1;
    this.inFlightMost = Math.max(this.inFlightMost, this.inFlight);
    try {
      if (this.startDelayMs > 0) await sleep(this.startDelayMs);
      return await this.#start(request);
    } finally {
      this.inFlight -= 1;
    }
  };

  async #start(request: StartExecution): Promise<{ execution: Execution; created: boolean }> {
    this.starts.push(request);
    const machine = await this.describeStateMachine(request.stateMachine);
    if (request.input?.startsWith("!") === true) {
      throw new EngineError(
        "InvalidExecutionInput",
        "Invalid State Machine Execution Input: 'Unexpected character'",
        { reason: "INPUT_SYNTAX", metadata: { offset: "0" } },
      );
    }
    const name = request.name ?? `generated-${this.executions.size}`;
    const existing = [...this.executions.values()].find(
      ({ execution }) => execution.name === name && execution.stateMachineName === machine.name,
    );
    if (existing !== undefined) {
      if (
        existing.execution.input === (request.input ?? "{}") ||
        request.conflictPolicy === "USE_EXISTING"
      )
        return { execution: existing.execution, created: false };
      throw new EngineError(
        "ExecutionAlreadyExists",
        `Execution Already Exists: '${existing.execution.arn}'`,
        { metadata: { execution_id: existing.execution.id } },
      );
    }
    const id = `exec-${this.executions.size}`;
    const execution: Mutable<Execution> = {
      id,
      name,
      arn: `arn:aws:states:us-east-1:000000000000:execution:${machine.name}:${name}`,
      stateMachineArn: machine.arn,
      stateMachineName: machine.name,
      type: "STANDARD",
      revisionId: machine.revisionId,
      status: "RUNNING",
      startedAtMs: 1_700_000_000_123,
      input: request.input ?? "{}",
      labels: request.labels ?? {},
      ...(request.trace !== undefined && { trace: request.trace }),
      eventCount: 0,
      redrive: { count: 0, refusal: "Execution is RUNNING and cannot be redriven" },
    };
    this.executions.set(id, { execution, events: [], changed: new Set() });
    this.record(id, {
      type: "ExecutionStarted",
      details: { input: execution.input ?? "", roleArn: "" },
    });
    if (machine.name === "done") this.finish(id, `{"ok":true}`);
    return { execution: { ...execution }, created: true };
  }

  /** Adds an event as a turn would. */
  record(id: string, event: Partial<HistoryEvent> & Pick<HistoryEvent, "type">): void {
    const kept = this.#kept(id);
    const last = kept.events.length;
    kept.events.push({
      id: last + 1,
      previousEventId: last,
      timestampMs: 1_700_000_000_123 + last,
      ...event,
    });
    kept.execution.eventCount = last + 1;
    for (const changed of kept.changed) changed();
  }

  finish(id: string, output: string): void {
    const { execution } = this.#kept(id);
    execution.status = "SUCCEEDED";
    execution.output = output;
    execution.stoppedAtMs = 1_700_000_001_000;
    this.record(id, { type: "ExecutionSucceeded", details: { output } });
  }

  describeMapRun: Engine["describeMapRun"] = async (reference) => this.#mapRun(reference);

  listMapRuns: Engine["listMapRuns"] = async () => ({ items: [this.#mapRun("run")] });

  updateMapRun: Engine["updateMapRun"] = async (reference, change) => ({
    ...this.#mapRun(reference),
    ...change,
  });

  #mapRun(id: string): MapRun {
    const counts = { pending: 1, running: 2, succeeded: 3, failed: 0, timedOut: 0, aborted: 0 };
    return {
      id,
      arn: `arn:aws:states:us-east-1:000000000000:mapRun:orders/each:${id}`,
      executionId: "exec-0",
      executionArn: "arn:aws:states:us-east-1:000000000000:execution:orders:one",
      stateMachineArn: "arn:aws:states:us-east-1:000000000000:stateMachine:orders/each",
      status: "RUNNING",
      maxConcurrency: 2,
      toleratedFailureCount: 0,
      toleratedFailurePercentage: 0,
      redrive: { count: 0 },
      itemCounts: { ...counts, total: 6, resultsWritten: 0, pendingRedrive: 0 },
      executionCounts: { ...counts, total: 6, resultsWritten: 0, pendingRedrive: 0 },
      startedAtMs: 1_000,
    };
  }

  describeExecution: Engine["describeExecution"] = async (reference) => {
    if (this.failure !== undefined) {
      const { failure } = this;
      this.failure = undefined;
      throw failure;
    }
    return { ...this.#kept(reference).execution };
  };

  listExecutions: Engine["listExecutions"] = async (query) => {
    this.listed.push(query);
    if (query.pageToken !== undefined)
      throw new EngineError("ValidationException", "page_token is not valid", {
        reason: "PAGE_TOKEN",
      });
    const items = [...this.executions.values()]
      .map(({ execution }) => execution)
      .filter(({ name }) => name.startsWith(query.namePrefix ?? ""))
      .filter(({ name }) => query.name === undefined || name === query.name);
    return { items };
  };

  listHistory: Engine["listHistory"] = async (reference) => ({
    items: this.#kept(reference).events,
  });

  async *watchExecution(
    reference: string,
    { afterEventId, signal }: { afterEventId?: number; signal: AbortSignal },
  ): AsyncGenerator<ExecutionUpdate> {
    const kept = this.#kept(reference);
    this.watches += 1;
    try {
      let last = afterEventId ?? kept.execution.eventCount;
      const isOver = (): boolean => kept.execution.status !== "RUNNING";
      if (afterEventId === undefined)
        yield {
          kind: "Snapshot",
          execution: { ...kept.execution },
          isTerminal: isOver(),
          lastEventId: last,
        };
      if (afterEventId === undefined && isOver()) return;
      while (!signal.aborted) {
        for (const event of kept.events.slice(last)) {
          last = event.id;
          yield { kind: "Event", event };
        }
        if (kept.events.length > last) continue;
        if (isOver()) {
          yield {
            kind: "Snapshot",
            execution: { ...kept.execution },
            isTerminal: true,
            lastEventId: last,
          };
          return;
        }
        await this.#change(kept, signal);
      }
    } finally {
      this.watches -= 1;
    }
  }

  waitForExecution: Engine["waitForExecution"] = async (executionId, signal) => {
    const kept = this.#kept(executionId);
    while (kept.execution.status === "RUNNING" && !signal.aborted) await this.#change(kept, signal);
    return { ...kept.execution };
  };

  stopExecution: Engine["stopExecution"] = async (reference, failure) => {
    const { execution } = this.#kept(reference);
    if (execution.status !== "RUNNING")
      throw new EngineError(
        "ExecutionNotRunning",
        `execution ${execution.id} is ${execution.status}`,
      );
    execution.status = "ABORTED";
    execution.failure = failure;
    this.record(execution.id, { type: "ExecutionAborted", details: { ...failure } });
    return { ...execution };
  };

  redriveExecution: Engine["redriveExecution"] = async (request) => {
    this.redrives.push(request);
    return { execution: { ...this.#kept(request.execution).execution }, timeMs: 1_700_000_002_000 };
  };

  openSession: Engine["openSession"] = async (hello, sink) => {
    const session = new MemorySession(`session-${this.sessions.length}`, hello, sink);
    this.sessions.push(session);
    return session;
  };

  pollTasks: Engine["pollTasks"] = async (request) => {
    this.polls.push(request);
    if (this.polled.length === 0)
      await sleep(request.waitMs, undefined, { signal: request.signal }).catch(() => undefined);
    return this.polled;
  };

  reportTasks: Engine["reportTasks"] = async (outcomes) =>
    outcomes.map(({ taskToken }) => ({ taskToken, status: "RECORDED" as const }));
  heartbeatTasks: Engine["heartbeatTasks"] = async (beats) =>
    beats.map(({ taskToken }) => ({ taskToken, state: "ACTIVE" as const }));
  releaseTasks: Engine["releaseTasks"] = async (tokens) =>
    void this.released.push(...tokens.map(textOf));

  getTaskInput: Engine["getTaskInput"] = async (taskToken) => {
    if (textOf(taskToken) !== "known")
      throw new EngineError("InvalidToken", "Invalid Token: 'Invalid token'", {
        reason: "INVALID_TOKEN",
      });
    return `{"large":true}`;
  };

  sendMessage: Engine["sendMessage"] = async () => ({ executions: [], isBuffered: false });

  listMessageWaits: Engine["listMessageWaits"] = async () => ({ items: [] });

  listExecutionLinks: Engine["listExecutionLinks"] = async () => ({ items: [] });

  countExecutionLinks: Engine["countExecutionLinks"] = async () => ({ count: 0, isLimited: false });

  listWorkers: Engine["listWorkers"] = async () => ({
    items: this.sessions.map(({ sessionId, hello }) => ({
      ...hello,
      sessionId,
      serverId: this.serverId,
      status: "CONNECTED" as const,
      connectedAtMs: 1,
      lastSeenAtMs: 2,
      running: { main: 1 },
    })),
  });

  #kept(reference: string): Kept {
    const kept = this.executions.get(reference);
    if (kept === undefined) {
      throw new EngineError("ExecutionDoesNotExist", `Execution Does Not Exist: '${reference}'`, {
        resource: { type: "Execution", name: reference },
      });
    }
    return kept;
  }

  #change(kept: Kept, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        kept.changed.delete(done);
        signal.removeEventListener("abort", done);
        resolve();
      };
      kept.changed.add(done);
      signal.addEventListener("abort", done);
    });
  }
}

function textOf(token: Uint8Array): string {
  return Buffer.from(token).toString();
}

function machineOf(name: string, definition: string): StateMachine {
  return {
    id: `id-${name}`,
    name,
    arn: `arn:aws:states:us-east-1:000000000000:stateMachine:${name}`,
    type: "STANDARD",
    status: "ACTIVE",
    definition,
    definitionFormat: "JSON",
    roleArn: "",
    description: "",
    labels: {},
    revisionId: "r1",
    updateCount: 0,
    createdAtMs: 1_700_000_000_000,
    updatedAtMs: 1_700_000_000_000,
  };
}
