import { JsonText, TaskError } from "@pawl/sdk";
import type { ChainSource, Client, Execution, ExecutionStatus } from "@pawl/sdk";
import type { ClientCall, DriverExecution } from "../../support/protocol.ts";

/** What a call streams, and what cancels it. */
interface Call {
  readonly signal: AbortSignal;
  readonly next: (value: object) => void;
}

/** Carries out one method of the suite's list by the SDK's own of that name. */
export async function callClient(
  client: Client,
  { method, args, callTimeoutMs }: ClientCall,
  { signal, next }: Call,
): Promise<object> {
  const call = methods[method];
  if (call === undefined) throw new Error(`no method is named ${method}`);
  const options = { signal, ...(callTimeoutMs !== undefined && { timeoutMs: callTimeoutMs }) };
  return (await call(client, args as unknown as Args, { options, next })) ?? {};
}

/** The arguments of all methods; each reads its own. Payloads are JSON texts. */
interface Args {
  readonly name?: string;
  readonly definition: string;
  readonly stateMachine: string;
  readonly input?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly traceparent?: string;
  readonly chain?: Omit<ChainSource, "transformer"> & { readonly jsonata?: string };
  readonly inputs: readonly string[];
  readonly namePrefix?: string;
  readonly follow?: boolean;
  readonly execution: string;
  readonly status?: ExecutionStatus;
  readonly pageSize?: number;
  readonly limit?: number;
  readonly afterEventId?: number;
  readonly error: string;
  readonly cause?: string;
  readonly correlationKey: string;
  readonly correlationValue: string;
  readonly data: string;
  readonly messageId?: string;
  readonly timeToLiveMs?: number;
  readonly maxConcurrency?: number;
  readonly batch: string;
  readonly taskToken: string;
  readonly output: string;
  readonly nonRetryable?: boolean;
}

interface MethodCall {
  readonly options: { readonly signal: AbortSignal; readonly timeoutMs?: number };
  readonly next: (value: object) => void;
}

type Method = (client: Client, args: Args, call: MethodCall) => Promise<object | void>;

const methods: Readonly<Record<string, Method>> = {
  applyStateMachine: async (client, { name, definition }, { options }) => {
    await client.applyStateMachine({ name: name!, definition }, options);
  },
  startExecution: async (client, args, { options }) => {
    const { execution, created } = await client.startExecution(startOf(args), options);
    return { execution: executionOf(execution), created };
  },
  startExecutions,
  runExecution: async (client, args, { options }) => ({
    execution: executionOf(await client.runExecution(startOf(args), options)),
  }),
  getExecution: async (client, { execution }, { options }) => ({
    execution: executionOf(await client.getExecution(execution, options)),
  }),
  waitForExecution: async (client, { execution }, { options }) => ({
    execution: executionOf(await client.waitForExecution(execution, options)),
  }),
  listExecutions: async (
    client,
    { stateMachine, status, pageSize, limit = Infinity },
    { options },
  ) => {
    const names: string[] = [];
    const query = { stateMachine, ...options, ...definedOf({ status, pageSize }) };
    for await (const { name } of client.listExecutions(query)) {
      if (names.length === limit) break;
      names.push(name);
    }
    return { names };
  },
  watchExecution,
  stopExecution: async (client, { execution, ...failure }, { options }) => ({
    execution: executionOf(await client.stopExecution(execution, failure, options)),
  }),
  redriveExecution: async (client, { execution }, { options }) => ({
    execution: executionOf(await client.redriveExecution(execution, {}, options)),
  }),
  sendMessage: async (client, { correlationKey, ...args }, { options }) => {
    const { messageId, timeToLiveMs } = args;
    const message = {
      correlationKey,
      correlationValue: new JsonText(args.correlationValue),
      data: new JsonText(args.data),
      ...definedOf({ messageId, timeToLiveMs }),
    };
    const { executions, buffered } = await client.sendMessage(message, options);
    return { executions, buffered };
  },
  createBatch: async (
    client,
    { stateMachine, inputs, namePrefix, maxConcurrency },
    { options },
  ) => {
    const batch = await client.createBatch(
      {
        stateMachine,
        inputs: inputs.map((input) => new JsonText(input)),
        ...definedOf({ namePrefix, maxConcurrency }),
      },
      options,
    );
    return { batch: { id: batch.id, status: batch.status, counts: batch.counts } };
  },
  watchBatch: async (client, { batch }, { options, next }) => {
    const watch = { items: true, fromStart: true, minIntervalMs: 50, ...options };
    for await (const update of client.watchBatch(batch, watch)) {
      if (update.type === "item")
        next({ type: "item", index: update.item.index, status: update.item.status });
      else next({ type: "batch", status: update.batch.status });
    }
  },
  listBatchItems: async (client, { batch }, { options }) => {
    const items: object[] = [];
    for await (const item of client.listBatchItems(batch, { payloads: "FULL", ...options }))
      items.push({ index: item.index, status: item.status, output: item.outputText });
    return { items };
  },
  completeTask: (client, { taskToken, output }, { options }) =>
    client.completeTask(taskToken, new JsonText(output), options),
  failTask: (client, { taskToken, error, cause, nonRetryable = false }, { options }) =>
    client.failTask(taskToken, new TaskError(error, cause, { nonRetryable }), options),
  heartbeatTask: (client, { taskToken }, { options }) =>
    client.heartbeatTask(taskToken, undefined, options),
};

async function startExecutions(
  client: Client,
  { stateMachine, inputs, namePrefix, follow = false }: Args,
): Promise<object> {
  const requests = inputs.map((inputText, index) => ({
    stateMachine,
    inputText,
    ...(namePrefix !== undefined && { name: `${namePrefix}${index}` }),
  }));
  const outcomes: object[] = [];
  const ends: Promise<void>[] = [];
  for await (const outcome of client.startExecutions(requests, { follow })) {
    const { index, started, error } = outcome;
    if (error !== undefined) {
      outcomes[index] = { error: { code: error.code, reason: error.reason } };
      continue;
    }
    const { execution, created } = started;
    const told = { name: execution.name, id: execution.id, created };
    outcomes[index] = told;
    if (follow)
      ends.push(
        started.result().then((ended) => void Object.assign(told, { ended: executionOf(ended) })),
      );
  }
  await Promise.all(ends);
  return { outcomes };
}

async function watchExecution(
  client: Client,
  { execution, afterEventId }: Args,
  { options, next }: MethodCall,
): Promise<void> {
  const watch = { ...definedOf({ afterEventId }), ...options };
  for await (const update of client.watchExecution(execution, watch)) {
    if (update.type === "event")
      next({ type: "event", eventId: update.event.id, eventType: update.event.type });
    else next({ type: update.isTerminal ? "closed" : "snapshot", status: update.execution.status });
  }
}

function startOf({ stateMachine, name, input, labels, traceparent, chain }: Args) {
  return {
    stateMachine,
    ...definedOf({ name, inputText: input, labels, traceparent, chain: chainOf(chain) }),
  };
}

function chainOf(chain: Args["chain"]): ChainSource | undefined {
  if (chain === undefined) return undefined;
  const { jsonata, ...source } = chain;
  return jsonata === undefined ? source : { ...source, transformer: { jsonata } };
}

function executionOf({
  id,
  name,
  stateMachine,
  status,
  outputText,
  error,
}: Execution): DriverExecution {
  const output = outputText === "" ? null : outputText;
  return { id, name, stateMachine, status, output, error: error ?? null };
}

/** Without what is undefined. */
function definedOf<Fields extends object>(
  fields: Fields,
): { [Name in keyof Fields]?: NonNullable<Fields[Name]> } {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined),
  ) as never;
}
