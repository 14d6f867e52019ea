import type pg from "pg";
import {
  activeStates,
  begunAtMs,
  checkPayload,
  type AwsNames,
  type Definition,
  type Event,
  type ExecutionFacts,
  type ExecutionStatus,
  type Failure,
  type HistoryEvent,
  type Limits,
} from "../asl/index.ts";
import { loadExecution, type LoadedExecution } from "../store/sql/load-execution.ts";
import { readHistory } from "../store/sql/read-history.ts";
import { closedExecutions, findExecutionHead } from "../store/reads/executions.ts";
import { findLinkTarget } from "../store/reads/execution-links.ts";
import type { LinkWrite, StartWrite } from "../store/turn-writes.ts";
import { doesNotExist, type Arns } from "./arns.ts";
import { linkOf, resolveChain, type ResolvedChain } from "./chains.ts";
import { checkStorable } from "./check-storable.ts";
import type { Clock } from "./clock.ts";
import type { Dispatcher } from "./dispatch.ts";
import type {
  ChainSource,
  Execution,
  ExecutionUpdate,
  RedriveExecution,
  StartExecution,
  StateMachine,
} from "./engine.ts";
import { Ends } from "./ends.ts";
import { EngineError } from "./errors.ts";
import { begunAtMsOf, executionOf, executionOfRow } from "./execution-view.ts";
import type { RedriveMoment } from "./redrivable.ts";
import { candidateIds, deriveExecutionId, isUuid, newUuidV7 } from "./ids.ts";
import { checkName } from "./names.ts";
import { redriveChild, redriveExecution, type Redriven } from "./redrive.ts";
import { begunAtMsOfRow } from "./redrives.ts";
import { deadlineOf, factsText, newResident, restoreResident, type Resident } from "./resident.ts";
import type { StartTarget } from "./start-targets.ts";
import type { TurnLoop } from "./turn-loop.ts";
import { storable } from "./turn-writes.ts";
import type { Updates } from "./updates.ts";
import { watch } from "./watch.ts";

export interface ExecutionServiceOptions {
  readonly sql: pg.Pool;
  readonly turns: TurnLoop;
  readonly dispatcher: Dispatcher;
  readonly updates: Updates<Execution>;
  readonly clock: Clock;
  readonly arns: Arns;
  readonly limits: Limits;
  readonly aws: AwsNames;
  readonly targetOf: (reference: string) => Promise<StartTarget>;
  /** What is in the cache was not the present state. */
  readonly forgetTarget: (reference: string) => void;
  readonly definitionOf: (revisionId: string) => Promise<Definition>;
  readonly hasPeers: () => boolean;
  /** Undefined when new work is welcome, else why not. */
  readonly overload: () => EngineError | undefined;
  readonly onError: (error: unknown, message: string, executionId?: string) => void;
}

/** Looks at the database this often for executions that another server turns. */
const foreignPollMs = 200;
/** For those that no server turns at the moment; and for its own: a safety net, their news are heard. */
const awayPollMs = 2_000;
const residentPollMs = 10_000;
/** States a snapshot names at most. */
const activeStatesMax = 100;
/** A start that meets a change of its machine tries again, each time a little later: half a second in all. */
const startTriesMax = 8;

/** Executions: start, look, follow, stop. */
export class ExecutionService {
  readonly #options: ExecutionServiceOptions;
  readonly #ends: Ends;

  constructor(options: ExecutionServiceOptions) {
    this.#options = options;
    const { updates, turns, hasPeers } = options;
    this.#ends = new Ends({
      updates,
      hasPeers,
      isResident: (executionId) => turns.get(executionId) !== undefined,
      describe: async (executionId) => this.#view(await this.#row(executionId)),
      closedOf: (executionIds) => closedExecutions(options.sql, executionIds),
    });
  }

  async startExecution(
    request: StartExecution,
  ): Promise<{ execution: Execution; created: boolean }> {
    const overload = this.#options.overload();
    if (overload !== undefined) throw overload;
    const chain = request.chain && (await this.#resolveChain(request.chain));
    const input = inputOf(chain) ?? this.#checkedInput(request.input);
    if (request.name !== undefined) checkName(request.name, "name");
    if (request.labels !== undefined) checkStorable({ labels: request.labels });
    for (let tries = 0; tries < startTriesMax; tries += 1) {
      const target = await this.#options.targetOf(request.stateMachine);
      if (target.machine.status === "DELETING") {
        this.#options.forgetTarget(request.stateMachine); // it goes with its last execution
        throw new EngineError(
          "StateMachineDeleting",
          `State Machine Is Being Deleted: '${target.machine.arn}'`,
        );
      }
      const started = await this.#start(request, target, { input, chain });
      if (started !== undefined) return started;
      this.#options.forgetTarget(request.stateMachine); // updated or deleted since it was cached
      await new Promise((resolve) => setTimeout(resolve, 2 ** tries));
    }
    throw new EngineError("Unavailable", "the state machine is being changed; try again", {
      retryAfterMs: 100,
    });
  }

  /** @returns undefined when the machine, or its routing, is no longer what it was. */
  async #start(
    request: StartExecution,
    target: StartTarget,
    { input, chain }: Given,
  ): Promise<{ execution: Execution; created: boolean } | undefined> {
    const { machine } = target;
    const nowMs = this.#options.clock.nowMs();
    const id = idOf(request, machine, nowMs);
    const name = request.name ?? id;
    const definition = await this.#options.definitionOf(machine.revisionId);
    const { arns } = this.#options;
    const facts: ExecutionFacts = {
      executionArn: arns.execution(machine, name, id),
      name,
      roleArn: machine.roleArn,
      startTimeMs: nowMs,
      ...machineFacts(arns, target),
      type: machine.type,
      isSync: request.isSync ?? false,
      input,
      ...(request.parent !== undefined && { parent: request.parent }),
      ...(chain !== undefined && { chain: chain.facts }),
    };
    const resident = newResident(id, {
      definition,
      revisionId: machine.revisionId,
      facts,
      labels: request.labels,
      trace: request.trace,
    });
    const taken =
      request.name === undefined || machine.type === "EXPRESS"
        ? undefined
        : await this.#chosenByPawl(machine.name, request.name);
    const link = chain && linkOf(chain, machine.name);
    const before = link?.isUnique === true ? await this.#linked(request, id, link) : undefined;
    if (before !== undefined) return before;
    const result =
      taken !== undefined
        ? "Conflict"
        : await this.#commitStart(
            resident,
            startWrite(resident, target, { ...request, link }),
            eventOf(chain),
          );
    if (result === "Linked") return this.#linked(request, id, link!);
    if (result === "Started") {
      return { execution: executionOf(resident, this.#moment()), created: true };
    }
    const row = taken ?? (await loadExecution(this.#options.sql, id));
    if (row === undefined) return undefined;
    const isSame = isSameInput(row, input, chain);
    const isOurs = result === "Found" || (isSame && isSameRequest(row, request));
    if (isOurs) return { execution: this.#view(row), created: true };
    return { execution: this.#existing(request, row, isSame), created: false };
  }

  /** @returns `Found` when it was committed although the answer was lost. `Linked`: the chain's key is taken. */
  async #commitStart(
    resident: Resident,
    write: StartWrite,
    event: Event,
  ): Promise<"Started" | "Conflict" | "Found" | "Linked"> {
    const result = await this.#options.turns.start(resident, write, event);
    if (typeof result === "string") return result;
    if (isLinkTaken(result.unconfirmed)) return "Linked";
    // Look, never assume. The execution's load finds what is left to do.
    this.#options.turns.wake(resident.id);
    const row = await loadExecution(this.#options.sql, resident.id).catch(() => undefined);
    const isInput = write.link !== undefined || row?.input === write.input;
    if (row !== undefined && row.facts === write.facts && isInput) return "Found";
    this.#options.onError(result.unconfirmed, "a start could not be confirmed", resident.id);
    throw new EngineError(
      "Unavailable",
      "the start could not be confirmed; start again with the same name",
      { retryAfterMs: 500 },
    );
  }

  /** @returns the other execution that a unique chain has led to before; undefined: there is none. */
  async #linked(
    { conflictPolicy }: StartExecution,
    id: string,
    link: LinkWrite,
  ): Promise<{ execution: Execution; created: boolean } | undefined> {
    const target = await findLinkTarget(this.#options.sql, link);
    const row =
      target === undefined || target === id
        ? undefined
        : await loadExecution(this.#options.sql, target);
    if (row === undefined) return undefined;
    const execution = this.#view(row);
    if (conflictPolicy === "FAIL") throw alreadyExists(execution);
    return { execution, created: false };
  }

  /** A caller may choose the very name that Pawl gave another execution. Names look like that rarely: one regular expression. */
  async #chosenByPawl(
    stateMachineName: string,
    name: string,
  ): Promise<LoadedExecution | undefined> {
    const [first, second] = candidateIds(stateMachineName, name);
    if (second === undefined) return undefined;
    const row = await loadExecution(this.#options.sql, first!);
    return row?.stateMachineName === stateMachineName ? row : undefined;
  }

  /** Same name: the same execution if the rule of the request allows it. */
  #existing(request: StartExecution, row: LoadedExecution, isSame: boolean): Execution {
    const execution = this.#view(row);
    const policy = request.conflictPolicy ?? "SFN";
    const isWelcome =
      policy === "USE_EXISTING" || (policy === "SFN" && isSame && row.status === "RUNNING");
    if (isWelcome) return execution;
    throw alreadyExists(execution);
  }

  async describeExecution(reference: string): Promise<Execution> {
    const row = await this.#row(reference);
    const execution = this.#view(row);
    if (row.status !== "RUNNING") return execution;
    const resident = restoreResident(row, await this.#options.definitionOf(row.revisionId));
    const { dispatcher } = this.#options;
    const active = activeStates(resident.definition, resident.state).slice(0, activeStatesMax);
    const queues = new Map(row.tasks.map((task) => [task.id, task]));
    return {
      ...execution,
      activeStates: active.map((state) => {
        const task = state.taskId === undefined ? undefined : queues.get(state.taskId);
        if (task === undefined) return state;
        const worker = dispatcher.find(row.id, task.id)?.pool.session.workerName;
        const isQueued = task.session === null && !task.awaitsCallback;
        return {
          ...state,
          isQueued,
          awaitsCallback: task.awaitsCallback,
          deliveries: task.epoch,
          ...(isQueued && { hasNoWorker: !dispatcher.hasWorker(task.queue) }),
          ...(worker !== undefined && { worker }),
        };
      }),
    };
  }

  watchExecution(
    reference: string,
    { afterEventId, signal }: { afterEventId?: number; signal: AbortSignal },
  ): AsyncIterable<ExecutionUpdate> {
    const start = async function* (this: ExecutionService): AsyncGenerator<ExecutionUpdate> {
      const executionId = await this.resolveId(reference);
      yield* watch({
        executionId,
        afterEventId,
        signal,
        updates: this.#options.updates,
        describe: (id) => this.describeExecution(id),
        readEvents: (id, after) => readHistory(this.#options.sql, id, after),
        pollMs: () => this.#pollMs(executionId),
      });
    };
    return start.call(this);
  }

  waitForExecution(executionId: string, signal: AbortSignal): Promise<Execution> {
    return this.#ends.wait(executionId, signal);
  }

  /**
   * @param begunMs when the attempt began that is meant; absent: the one that goes on now. A stop that
   *   is late (its server was frozen, the database was away) does not end what a redrive has begun since.
   */
  async stopExecution(reference: string, failure: Failure, begunMs?: number): Promise<Execution> {
    const executionId = await this.resolveId(reference);
    const attemptMs = begunMs ?? (await this.#begunAtMs(executionId));
    const stored: Failure = {
      ...(failure.error !== undefined && { error: storable(failure.error) }),
      ...(failure.cause !== undefined && { cause: storable(failure.cause) }),
    };
    const result = await this.#options.turns.submit(executionId, {
      type: "Stopped",
      failure: stored,
      begunAtMs: attemptMs,
    });
    if (result === "NotFound") throw doesNotExist("ExecutionDoesNotExist", reference);
    let execution = this.#view(await this.#row(executionId));
    const isSameAttempt = (): boolean => begunAtMsOf(execution) === attemptMs;
    // Handed to the server that turns it: its turn follows.
    if (execution.status === "RUNNING" && isSameAttempt())
      execution = await this.waitForExecution(executionId, AbortSignal.timeout(stopWaitMs));
    if (!isSameAttempt() && result !== "Applied") throw redrivenMeanwhile(execution);
    // Acknowledged, and its server has not come to it yet; or it was redriven at once.
    if (result === "Applied" && (execution.status === "RUNNING" || !isSameAttempt()))
      return execution;
    const isSameStop =
      execution.status === "ABORTED" &&
      execution.failure?.error === stored.error &&
      execution.failure?.cause === stored.cause;
    if (isSameStop) return execution;
    throw new EngineError(
      "ExecutionNotRunning",
      `execution ${execution.arn} is ${execution.status} and can not be stopped`,
      {
        metadata: { status: execution.status },
        resource: { type: "Execution", name: execution.arn },
      },
    );
  }

  async redriveExecution(request: RedriveExecution): Promise<Redriven> {
    return redriveExecution(this.#options, await this.resolveId(request.execution), request);
  }

  redriveChild(executionId: string, runRedrivenAtMs: number): Promise<ExecutionStatus | undefined> {
    return redriveChild(this.#options, executionId, runRedrivenAtMs);
  }

  /** @param reference execution id, ARN, or `stateMachine/name`. @throws ExecutionDoesNotExist, InvalidArn */
  async resolveId(reference: string): Promise<string> {
    if (isUuid(reference)) return reference;
    const { candidates, ...named } = this.#options.arns.parseExecution(reference);
    if (candidates.length === 1) return candidates[0]!;
    const found = await findExecutionHead(this.#options.sql, candidates, named);
    if (found === undefined) throw doesNotExist("ExecutionDoesNotExist", reference);
    return found.id;
  }

  /** After COMMIT: tells who follows this execution. */
  publish(resident: Resident, events: readonly HistoryEvent[]): void {
    const isClosed = resident.state.status !== "RUNNING";
    this.#options.updates.publish(resident.id, () => ({
      events,
      ...(isClosed && { closed: executionOf(resident, this.#moment()) }),
    }));
  }

  #view(row: LoadedExecution): Execution {
    return executionOfRow({ ...row, hasState: row.state !== null }, this.#moment());
  }

  #moment(): RedriveMoment {
    const { clock, limits } = this.#options;
    return { nowMs: clock.nowMs(), historyEventsMax: limits.historyEventsMax };
  }

  async #row(reference: string): Promise<LoadedExecution> {
    const row = await loadExecution(this.#options.sql, await this.resolveId(reference));
    if (row === undefined) throw doesNotExist("ExecutionDoesNotExist", reference);
    return row;
  }

  async #begunAtMs(executionId: string): Promise<number> {
    const resident = this.#options.turns.get(executionId);
    if (resident !== undefined) return begunAtMs(resident.state);
    return begunAtMsOfRow(await this.#row(executionId));
  }

  #pollMs(executionId: string): number {
    if (this.#options.turns.get(executionId) !== undefined) return residentPollMs;
    return this.#options.hasPeers() ? foreignPollMs : awayPollMs;
  }

  async #resolveChain(chain: ChainSource): Promise<ResolvedChain> {
    const source = await this.describeExecution(chain.execution);
    const resolved = await resolveChain(this.#options, chain, source);
    if ("input" in resolved.start) this.#checkedInput(resolved.start.input);
    return resolved;
  }

  #checkedInput(input = "{}"): string {
    const { payloadBytesMax } = this.#options.limits;
    const problem = checkPayload(input, { bytesMax: payloadBytesMax });
    if (problem === undefined) return input;
    throw new EngineError("InvalidExecutionInput", problem.message, {
      reason: problem.reason,
      ...(problem.offset !== undefined && { metadata: { offset: String(problem.offset) } }),
      violations: [{ field: "input", description: problem.message, reason: problem.reason }],
    });
  }
}

const stopWaitMs = 10_000;

function redrivenMeanwhile({ arn }: Execution): EngineError {
  return new EngineError("Unavailable", `execution ${arn} was redriven meanwhile; stop it again`, {
    retryAfterMs: 100,
  });
}

/** Names of EXPRESS executions may come again; a request that is sent again finds what it made. */
function idOf(
  { name, requestId }: StartExecution,
  machine: Pick<StateMachine, "id" | "name" | "type">,
  nowMs: number,
): string {
  if (machine.type === "STANDARD")
    return name === undefined ? newUuidV7(nowMs) : deriveExecutionId(machine.name, name);
  return requestId === undefined ? newUuidV7(nowMs) : deriveExecutionId(machine.id, requestId);
}

/** Whether a row was made by an earlier sending of this request. */
function isSameRequest(row: LoadedExecution, { requestId }: StartExecution): boolean {
  if (requestId === undefined) return false;
  return (JSON.parse(row.facts) as { readonly requestId?: string }).requestId === requestId;
}

/** A chained input is the same if it comes from the same place: what an expression makes may differ. */
function isSameInput(
  row: LoadedExecution,
  input: string,
  chain: ResolvedChain | undefined,
): boolean {
  if (chain === undefined) return row.input === input;
  const facts = JSON.parse(row.facts) as Pick<ExecutionFacts, "chain">;
  return JSON.stringify(facts.chain) === JSON.stringify(chain.facts);
}

/** What is given to an execution that starts. */
interface Given {
  /** Empty while it is not known. */
  readonly input: string;
  readonly chain: ResolvedChain | undefined;
}

function inputOf(chain: ResolvedChain | undefined): string | undefined {
  if (chain === undefined) return undefined;
  return "input" in chain.start ? chain.start.input : "";
}

function eventOf(chain: ResolvedChain | undefined): Event {
  return chain !== undefined && "event" in chain.start ? chain.start.event : { type: "Started" };
}

function isLinkTaken(error: Error): boolean {
  return (error as { readonly constraint?: string }).constraint === "execution_links_unique";
}

function alreadyExists({ id, arn, status }: Execution): EngineError {
  return new EngineError("ExecutionAlreadyExists", `Execution Already Exists: '${arn}'`, {
    metadata: { execution_id: id, status },
    resource: { type: "Execution", name: arn },
  });
}

/** Which machine an execution is of, and what it was started through. */
function machineFacts(
  arns: Arns,
  { machine: { name, version }, route }: StartTarget,
): Pick<
  ExecutionFacts,
  "stateMachineArn" | "stateMachineName" | "stateMachineVersionArn" | "stateMachineAliasArn"
> {
  return {
    stateMachineArn: arns.stateMachine(name),
    stateMachineName: name,
    ...(version !== undefined && { stateMachineVersionArn: arns.qualified(name, version) }),
    ...(route?.alias !== undefined && { stateMachineAliasArn: arns.qualified(name, route.alias) }),
  };
}

function startWrite(
  resident: Resident,
  { machine, route }: StartTarget,
  request: StartExecution & { readonly link: LinkWrite | undefined },
): StartWrite {
  const { facts } = resident.state;
  return {
    stateMachineId: machine.id,
    stateMachineName: machine.name,
    revisionId: machine.revisionId,
    ...(route !== undefined && { route }),
    name: facts.name,
    facts: factsText(facts, request.requestId),
    input: facts.input,
    startedAtMs: facts.startTimeMs,
    // One that waits for its input has its time from when it gets it.
    ...(facts.input !== "" && deadlineOf(resident)),
    ...(request.link !== undefined && { link: request.link }),
    ...(request.labels !== undefined && { labels: request.labels }),
    ...(request.trace !== undefined && { trace: request.trace }),
  };
}
