import { create } from "@bufbuild/protobuf";
import type { DescMessage, DescMethodUnary, MessageShape } from "@bufbuild/protobuf";
import { executionEventOf, executionOf } from "./execution.ts";
import type { Execution, ExecutionEvent, StartedExecution } from "./execution.ts";
import { executionFilter } from "./execution-filter.ts";
import type { ExecutionFilter } from "./execution-filter.ts";
import { executionLinkOf, linkFilter } from "./execution-link.ts";
import type { ExecutionLink, ExecutionLinkFilter } from "./execution-link.ts";
import { PayloadView } from "./gen/pawl/v1/common_pb.ts";
import * as executions from "./gen/pawl/v1/execution_service_pb.ts";
import * as system from "./gen/pawl/v1/system_service_pb.ts";
import * as workers from "./gen/pawl/v1/worker_service_pb.ts";
import { messageWaitFilter, messageWaitOf, sendRequestOf } from "./message.ts";
import type { MessageWait, MessageWaitFilter, SendMessage, SentMessage } from "./message.ts";
import { itemsOf } from "./pages.ts";
import type { ListOptions } from "./pages.ts";
import { redriveRequestOf } from "./redrive-execution.ts";
import type { RedriveExecution } from "./redrive-execution.ts";
import { withRetry } from "./retry.ts";
import type { RetryOptions } from "./retry.ts";
import { startRequestOf } from "./start-execution.ts";
import type { StartExecution } from "./start-execution.ts";
import {
  assertActive,
  assertRecorded,
  failureOf,
  heartbeatOf,
  successOf,
} from "./task-callback.ts";
import type { CallOptions, Transport } from "./transport.ts";
import { uniqueId } from "./unique-id.ts";
import { StateMachineClient } from "./state-machine-client.ts";
import { watchExecution } from "./watch.ts";
import type { ExecutionUpdate, WatchOptions } from "./watch.ts";
import { workerInfoOf } from "./worker-info.ts";
import type { WorkerInfo } from "./worker-info.ts";

/** What clients of every transport share. */
export interface ClientBaseOptions {
  /** Default deadline of each call, retries included; default 30,000 ms. Waiting for an end has none. */
  readonly timeoutMs?: number;
  readonly retry?: RetryOptions;
}

/** Facts about a server. */
export interface ServerInfo {
  readonly version: string;
  readonly commit: string;
  readonly capabilities: readonly string[];
  /** For example `max_payload_bytes`. */
  readonly limits: Readonly<Record<string, number>>;
  readonly isDevelopment: boolean;
  readonly uiUrl: string;
}

/** The methods that need nothing but calls and server streams. */
export class ClientBase extends StateMachineClient {
  readonly #transport: Transport;
  readonly #timeoutMs: number;
  readonly #retry: RetryOptions;

  constructor(transport: Transport, options: ClientBaseOptions) {
    super();
    this.#transport = transport;
    this.#timeoutMs = options.timeoutMs ?? 30_000;
    this.#retry = options.retry ?? {};
  }

  // ---- executions

  /** Starts an execution; once it resolves the start is durable. Repeats itself safely. */
  async startExecution(
    start: StartExecution,
    options: CallOptions = {},
  ): Promise<StartedExecution> {
    const response = await this.call(
      executions.ExecutionService.method.startExecution,
      startRequestOf(start),
      options,
    );
    return { execution: requiredExecution(response.execution), created: response.created };
  }

  /**
   * Starts an execution and waits until it has closed, however long that takes and however often the
   * connection breaks. Resolves with a FAILED one too: look at `status`.
   *
   * @param options `timeoutMs` and `signal` bound the wait, not the execution.
   */
  async runExecution(start: StartExecution, options: CallOptions = {}): Promise<Execution> {
    const signal = waitSignal(options);
    const { execution } = await this.startExecution(start, {
      timeoutMs: options.timeoutMs,
      signal,
    });
    return this.waitForExecution(execution.id, { ...(signal !== undefined && { signal }) });
  }

  /** Resolves with the closed execution, its output included. */
  async waitForExecution(execution: string, options: CallOptions = {}): Promise<Execution> {
    const signal = waitSignal(options);
    const watch = {
      payloads: "FULL",
      snapshotsOnly: true,
      ...(signal !== undefined && { signal }),
    } as const;
    for await (const update of this.watchExecution(execution, watch)) {
      if (update.isTerminal && update.type === "snapshot") return update.execution;
    }
    return this.getExecution(execution, options);
  }

  /** A snapshot, then each change once and in order until it has closed; resumes by itself. */
  watchExecution(
    execution: string,
    options: WatchOptions = {},
  ): AsyncGenerator<ExecutionUpdate, void, undefined> {
    return watchExecution(this.#transport, execution, options);
  }

  /** @param execution id, ARN, or `stateMachine/name` */
  async getExecution(execution: string, options: CallOptions = {}): Promise<Execution> {
    const request = create(executions.GetExecutionRequestSchema, {
      execution,
      payloadView: PayloadView.FULL,
    });
    const response = await this.call(
      executions.ExecutionService.method.getExecution,
      request,
      options,
    );
    return requiredExecution(response.execution);
  }

  /** Newest first. */
  listExecutions(
    query: ExecutionFilter & ListOptions & { readonly payloads?: "NONE" | "FULL" } = {},
  ): AsyncGenerator<Execution, void, undefined> {
    const filter = executionFilter(query);
    const payloadView = PayloadView[query.payloads ?? "NONE"];
    return itemsOf(async (page) => {
      const request = create(executions.ListExecutionsRequestSchema, {
        page: { ...page, filter },
        payloadView,
      });
      const response = await this.call(
        executions.ExecutionService.method.listExecutions,
        request,
        query,
      );
      return {
        items: response.executions.map(executionOf),
        nextPageToken: response.page?.nextPageToken ?? "",
      };
    }, query);
  }

  /** The history, oldest first unless `reverse`. */
  listExecutionEvents(
    execution: string,
    query: ListOptions & {
      readonly reverse?: boolean;
      readonly afterEventId?: number;
      readonly payloads?: "NONE" | "FULL";
    } = {},
  ): AsyncGenerator<ExecutionEvent, void, undefined> {
    const { reverse = false, afterEventId = 0, payloads = "FULL" } = query;
    const fixed = {
      execution,
      reverse,
      afterEventId: BigInt(afterEventId),
      payloadView: PayloadView[payloads],
    };
    return itemsOf(async (page) => {
      const request = create(executions.ListExecutionEventsRequestSchema, { ...fixed, page });
      const response = await this.call(
        executions.ExecutionService.method.listExecutionEvents,
        request,
        query,
      );
      return {
        items: response.events.map(executionEventOf),
        nextPageToken: response.page?.nextPageToken ?? "",
      };
    }, query);
  }

  /** Stops a running execution and cancels its tasks. @throws PawlError FAILED_PRECONDITION once it has closed */
  async stopExecution(
    execution: string,
    failure: { readonly error?: string; readonly cause?: string } = {},
    options: CallOptions = {},
  ): Promise<Execution> {
    const { error = "", cause = "" } = failure;
    const request = create(executions.StopExecutionRequestSchema, {
      execution,
      error: { error, cause },
      requestId: uniqueId(),
    });
    const response = await this.call(
      executions.ExecutionService.method.stopExecution,
      request,
      options,
    );
    return requiredExecution(response.execution);
  }

  /**
   * A FAILED, TIMED_OUT or ABORTED execution goes on from where it failed, under its id and with its
   * input. Repeats itself safely.
   *
   * @throws PawlError FAILED_PRECONDITION when it can not be redriven; `redriveReason` says why
   */
  async redriveExecution(
    execution: string,
    redrive: RedriveExecution = {},
    options: CallOptions = {},
  ): Promise<Execution> {
    const response = await this.call(
      executions.ExecutionService.method.redriveExecution,
      redriveRequestOf(execution, redrive),
      options,
    );
    return requiredExecution(response.execution);
  }

  /** Which execution's output became which one's input, newest first. */
  listExecutionLinks(
    query: ExecutionLinkFilter & ListOptions = {},
  ): AsyncGenerator<ExecutionLink, void, undefined> {
    const filter = linkFilter(query);
    return itemsOf(async (page) => {
      const request = create(executions.ListExecutionLinksRequestSchema, {
        page: { ...page, filter },
      });
      const response = await this.call(
        executions.ExecutionService.method.listExecutionLinks,
        request,
        query,
      );
      return {
        items: response.links.map(executionLinkOf),
        nextPageToken: response.page?.nextPageToken ?? "",
      };
    }, query);
  }

  // ---- messages

  /** Wakes Message states that wait for this key and value. Once it resolves, they have the message, or it is kept. */
  async sendMessage(message: SendMessage, options: CallOptions = {}): Promise<SentMessage> {
    const { sendMessage } = executions.ExecutionService.method;
    const sent = await this.call(sendMessage, sendRequestOf(message), options);
    return { executions: sent.executions, buffered: sent.buffered, duplicate: sent.duplicate };
  }

  /** Who waits for a message, longest first. */
  listMessageWaits(
    query: MessageWaitFilter & ListOptions = {},
  ): AsyncGenerator<MessageWait, void, undefined> {
    return itemsOf(async (page) => {
      const request = create(executions.ListMessageWaitsRequestSchema, {
        page: { ...page, filter: messageWaitFilter(query) },
      });
      const response = await this.call(
        executions.ExecutionService.method.listMessageWaits,
        request,
        query,
      );
      return {
        items: response.waits.map(messageWaitOf),
        nextPageToken: response.page?.nextPageToken ?? "",
      };
    }, query);
  }

  // ---- the server

  async getServerInfo(options: CallOptions = {}): Promise<ServerInfo> {
    const request = create(system.GetServerInfoRequestSchema);
    const info = await this.call(system.SystemService.method.getServerInfo, request, options);
    const limits = Object.fromEntries(
      Object.entries(info.limits).map(([name, limit]) => [name, Number(limit)]),
    );
    const { version, commit, capabilities, devMode: isDevelopment, uiUrl } = info;
    return { version, commit, capabilities, limits, isDevelopment, uiUrl };
  }

  // ---- tasks, by their tokens

  /**
   * Ends a task that waits for its token (`$$.Task.Token`), from any process. The same again changes nothing.
   *
   * @throws PawlError FAILED_PRECONDITION when the task is over or its execution has closed
   */
  async completeTask(
    taskToken: string,
    output: unknown = {},
    options: CallOptions = {},
  ): Promise<void> {
    await this.#report(successOf(taskToken, output), options);
  }

  /** @param error a TaskError, or whatever was thrown. @throws PawlError as completeTask */
  async failTask(taskToken: string, error: unknown, options: CallOptions = {}): Promise<void> {
    await this.#report(failureOf(taskToken, error), options);
  }

  /** Says that the work under a token goes on; for tasks with HeartbeatSeconds. @throws PawlError as completeTask */
  async heartbeatTask(
    taskToken: string,
    details?: unknown,
    options: CallOptions = {},
  ): Promise<void> {
    const request = create(workers.HeartbeatTasksRequestSchema, {
      beats: [heartbeatOf(taskToken, details)],
    });
    const { heartbeatTasks } = workers.WorkerService.method;
    const { replies } = await this.call(heartbeatTasks, request, options);
    assertActive(replies[0]);
  }

  async #report(outcome: workers.TaskOutcome, options: CallOptions): Promise<void> {
    const request = create(workers.ReportTasksRequestSchema, { outcomes: [outcome] });
    const { reportTasks } = workers.WorkerService.method;
    const { acks } = await this.call(reportTasks, request, options);
    assertRecorded(acks[0]);
  }

  // ---- workers

  listWorkers(query: ListOptions = {}): AsyncGenerator<WorkerInfo, void, undefined> {
    return itemsOf(async (page) => {
      const request = create(workers.ListWorkersRequestSchema, { page });
      const response = await this.call(workers.TaskQueueService.method.listWorkers, request, query);
      return {
        items: response.workers.map(workerInfoOf),
        nextPageToken: response.page?.nextPageToken ?? "",
      };
    }, query);
  }

  /** Ends the connections; calls in flight fail with CANCELLED. */
  close(): void {
    this.#transport.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  /** Every call of this client may be repeated: reads, and writes under a name or a request id. */
  protected override call<I extends DescMessage, O extends DescMessage>(
    method: DescMethodUnary<I, O>,
    request: MessageShape<I>,
    { timeoutMs = this.#timeoutMs, signal }: CallOptions,
  ): Promise<MessageShape<O>> {
    return withRetry(
      (call) => this.#transport.unary(method, request, call),
      { timeoutMs, signal },
      this.#retry,
    );
  }
}

function requiredExecution(message: executions.Execution | undefined): Execution {
  if (message === undefined) throw new TypeError("the server's answer has no execution");
  return executionOf(message);
}

/** One signal for a wait that is bounded by a signal, a time, both or neither. */
function waitSignal({ timeoutMs, signal }: CallOptions): AbortSignal | undefined {
  if (timeoutMs === undefined) return signal;
  const timeout = AbortSignal.timeout(timeoutMs);
  return signal === undefined ? timeout : AbortSignal.any([signal, timeout]);
}
