import { jittered } from "./backoff.ts";
import { TaskError } from "./errors.ts";
import type { TaskCancelReason } from "./errors.ts";
import { CancelReason, OutcomeStatus, TaskTokenState } from "./gen/pawl/v1/worker_service_pb.ts";
import type {
  CancelTasks,
  HeartbeatReply,
  OutcomeAck,
  Task,
  TaskOutcome,
  Welcome,
} from "./gen/pawl/v1/worker_service_pb.ts";
import { enumName, namesOf } from "./enum-name.ts";
import type { Log } from "./log.ts";
import type { Session } from "./session.ts";
import type { SlotPool } from "./slot-pool.ts";
import { TaskClock } from "./task-clock.ts";
import type { ReportedOutcome } from "./worker-options.ts";
import { TaskRun } from "./task-run.ts";
import type { TaskRunHost } from "./task-run.ts";
import { failed } from "./task-outcome.ts";

/** The tasks of one worker, over all its sessions: each from its arrival until its outcome is acknowledged. */
export class TaskRuns implements TaskRunHost {
  readonly log: Log;
  serverClockOffsetMs = 0;
  /** Set when the worker closes: what still arrives goes back. */
  isRefusing = false;
  /** Where outcomes go whose own session is gone. */
  session: Session | undefined;
  readonly #runs = new Map<string, TaskRun>();
  readonly #clock = new TaskClock();
  readonly #pools: ReadonlyMap<string, SlotPool>;
  readonly #fetchInput: (taskToken: Uint8Array) => Promise<string>;
  readonly #idleListeners = new Set<() => void>();

  /** Told of every answer to an outcome. */
  onReported: ((outcome: ReportedOutcome) => void) | undefined;

  constructor(
    log: Log,
    pools: ReadonlyMap<string, SlotPool>,
    fetchInput: (taskToken: Uint8Array) => Promise<string>,
  ) {
    this.log = log;
    this.#pools = pools;
    this.#fetchInput = fetchInput;
  }

  /** All that is not over: tokens that a new session says it still holds. */
  get held(): ReadonlyMap<string, TaskRun> {
    return new Map(this.#runs);
  }

  /** Tasks in progress per pool, for the server's display. */
  get running(): Record<string, number> {
    const counts: Record<string, number> = {};
    for (const run of this.#runs.values())
      if (run.isRunning) counts[run.pool.name] = (counts[run.pool.name] ?? 0) + 1;
    return counts;
  }

  onTasks(session: Session, tasks: readonly Task[]): void {
    for (const task of tasks) this.#onTask(session, task);
  }

  /** A new session: obeys the server's verdicts on what is held here, and says again what may have been lost. */
  adopt(session: Session, welcome: Welcome, held: ReadonlyMap<string, TaskRun>): void {
    this.session = session;
    this.serverClockOffsetMs = session.serverClockOffsetMs;
    const verdicts = new Map(welcome.held.map(({ taskToken, state }) => [keyOf(taskToken), state]));
    for (const run of held.values()) {
      if (!this.#runs.has(run.key)) continue;
      run.session = session;
      this.#obey(run, verdicts.get(run.key) ?? TaskTokenState.ACTIVE, "EXECUTION_STOPPED");
      if (!this.#runs.has(run.key) || run.isLost) continue;
      if (run.isRunning) {
        session.accept(run);
        run.beatSoon();
      } else session.report(run);
    }
  }

  onAcks(acks: readonly OutcomeAck[]): void {
    for (const ack of acks) {
      const run = this.#runs.get(keyOf(ack.taskToken));
      if (run !== undefined && !run.isRunning) this.#onAck(run, ack);
    }
  }

  onHeartbeatReplies(replies: readonly HeartbeatReply[]): void {
    for (const { taskToken, state, cancelReason } of replies) {
      const run = this.#runs.get(keyOf(taskToken));
      if (run !== undefined && run.isRunning) this.#obey(run, state, reasonOf(cancelReason));
    }
  }

  onCancel({ taskTokens, reason }: CancelTasks): void {
    for (const taskToken of taskTokens) this.#runs.get(keyOf(taskToken))?.cancel(reasonOf(reason));
  }

  /** Sends again what has had no acknowledgement for longer than a stream should need, or can get none: its stream is over. */
  resendStale(session: Session, staleMs: number): void {
    const before = performance.now() - staleMs;
    for (const run of this.#runs.values()) {
      if (
        !run.isRunning &&
        (run.session === session || !run.session.isOpen) &&
        run.outcomeSentAt < before &&
        run.retries === 0
      )
        this.#send(run);
    }
  }

  /** Resolves true once no run is left (on that session), false after `ms`. */
  idleWithin(ms: number, session?: Session): Promise<boolean> {
    return new Promise((resolve) => {
      const check = (): void => {
        if (this.#isIdle(session)) settle(true);
      };
      const timer = setTimeout(() => settle(false), Math.min(Math.max(ms, 0), 2 ** 31 - 1));
      const settle = (isIdle: boolean): void => {
        clearTimeout(timer);
        this.#idleListeners.delete(check);
        resolve(isIdle);
      };
      this.#idleListeners.add(check);
      check();
    });
  }

  cancelAll(reason: TaskCancelReason): void {
    for (const run of this.#runs.values()) if (run.isRunning) run.cancel(reason);
  }

  /** Hands back what still runs and forgets everything. */
  releaseAll(): void {
    for (const run of this.#runs.values()) {
      if (run.isRunning) run.session.release(run.task.taskToken);
      else
        this.log.warn("an outcome was not acknowledged before the worker closed", {
          task: run.task.taskId,
        });
    }
    this.#runs.clear();
    this.#clock.stop();
  }

  // ---- what a run asks for

  fetchInput(taskToken: Uint8Array): Promise<string> {
    return this.#fetchInput(taskToken);
  }

  onBeat(run: TaskRun): void {
    if (run.session.isOpen) run.session.beat(run);
  }

  onDueChanged(run: TaskRun): void {
    this.#clock.watch(run);
  }

  onOutcome(run: TaskRun, outcome: TaskOutcome | undefined): void {
    this.#clock.forget(run);
    if (!this.#runs.has(run.key)) return;
    if (outcome !== undefined) {
      run.outcome = outcome;
      this.#send(run);
      return;
    }
    if (!run.isLost) this.#sessionOf(run)?.release(run.task.taskToken);
    this.#forget(run);
  }

  #onTask(session: Session, task: Task): void {
    session.countReceived(task.pool);
    const key = keyOf(task.taskToken);
    const pool = this.#pools.get(task.pool);
    const registration = pool?.registrationFor(task.resource, task.rawResource);
    if (
      this.isRefusing ||
      pool === undefined ||
      registration === undefined ||
      this.#runs.has(key)
    ) {
      if (registration === undefined)
        this.log.error(`no handler for ${task.resource} in pool ${task.pool}`);
      if (!this.#runs.has(key)) session.release(task.taskToken);
      session.demand();
      return;
    }
    pool.taken += 1;
    const run = new TaskRun(this, session, task, { key, pool, registration });
    this.#runs.set(key, run);
    session.accept(run);
    this.#clock.watch(run);
    void run.run();
  }

  #onAck(run: TaskRun, ack: OutcomeAck): void {
    this.onReported?.({
      taskToken: run.task.taskToken,
      resource: run.task.resource,
      execution: run.task.execution,
      status: enumName(outcomeNames, ack.status),
    });
    switch (ack.status) {
      case OutcomeStatus.RETRY: {
        run.retries += 1;
        const delayMs = jittered(Math.min(10_000, 100 * 2 ** Math.min(run.retries, 10)));
        setTimeout(() => this.#runs.has(run.key) && this.#send(run), delayMs);
        return;
      }
      case OutcomeStatus.INVALID:
        this.log.error(
          `the outcome of ${run.task.resource} was refused: ${ack.message || ack.reason}`,
          {
            reason: ack.reason,
            execution: run.task.execution,
            state: run.task.statePath,
          },
        );
        if (this.#failInstead(run, ack)) return;
        break;
      case OutcomeStatus.RECORDED:
      case OutcomeStatus.ALREADY_RECORDED:
        break;
      default:
        this.log.debug(
          `the outcome of ${run.task.resource} came too late: ${enumName(outcomeNames, ack.status)}`,
        );
    }
    this.#forget(run);
  }

  /**
   * An output that can not be recorded becomes the task's failure: else the task would stay open for as
   * long as this worker lives. Where the server failed the task itself, it answers ALREADY_RECORDED.
   */
  #failInstead(run: TaskRun, { reason, message }: OutcomeAck): boolean {
    if (run.outcome?.result.case !== "output" || reason === "INVALID_TOKEN") return false;
    const error =
      reason === "OUTPUT_TOO_LARGE" ? "States.DataLimitExceeded" : "Worker.InvalidOutput";
    run.outcome = failed(
      run.task.taskToken,
      new TaskError(error, message || reason, { nonRetryable: true }),
      run.outcome.logs,
    );
    this.#send(run);
    return true;
  }

  /** What the server says a token is worth. */
  #obey(run: TaskRun, state: TaskTokenState, reason: TaskCancelReason): void {
    switch (state) {
      case TaskTokenState.CANCEL_REQUESTED:
        run.cancel(reason);
        return;
      case TaskTokenState.LEASE_LOST:
      case TaskTokenState.FINISHED:
      case TaskTokenState.UNKNOWN:
        run.cancel("LEASE_LOST");
        if (!run.isRunning) this.#forget(run);
        return;
      default:
        return;
    }
  }

  #send(run: TaskRun): void {
    const session = this.#sessionOf(run);
    if (session === undefined) return;
    run.session = session;
    session.report(run);
  }

  /** The run's own session while it lives, else the present one; `undefined`: the next one will ask. */
  #sessionOf(run: TaskRun): Session | undefined {
    if (run.session.isOpen) return run.session;
    return this.session?.isOpen === true ? this.session : undefined;
  }

  #forget(run: TaskRun): void {
    this.#runs.delete(run.key);
    run.session.forget(run);
    run.pool.taken -= 1;
    this.session?.demand();
    for (const check of this.#idleListeners) check();
  }

  #isIdle(session: Session | undefined): boolean {
    if (session === undefined) return this.#runs.size === 0;
    for (const run of this.#runs.values()) if (run.session === session) return false;
    return true;
  }
}

const outcomeNames = namesOf(OutcomeStatus);
const reasonNames = namesOf(CancelReason);

/** A token as a map key. */
function keyOf(token: Uint8Array): string {
  return Buffer.from(token.buffer, token.byteOffset, token.byteLength).toString("latin1");
}

function reasonOf(reason: CancelReason): TaskCancelReason {
  const name = enumName(reasonNames, reason);
  return name === "UNSPECIFIED" ? "EXECUTION_STOPPED" : name;
}
