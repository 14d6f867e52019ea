import { create } from "@bufbuild/protobuf";
import { durationFromMs, timestampDate } from "@bufbuild/protobuf/wkt";
import {
  MessageMatch,
  SendMessageRequestSchema,
  type MessageWait as MessageWaitMessage,
  type SendMessageRequest,
} from "./gen/pawl/v1/execution_service_pb.ts";
import { parseJsonText, toJsonText } from "./json.ts";
import type { Json } from "./json.ts";
import { uniqueId } from "./unique-id.ts";

/** A message for the Message states that wait for its key and value. */
export interface SendMessage {
  /** The name of what is correlated, for example `orderId`. */
  readonly correlationKey: string;
  /** Any JSON value; 42 is not "42". */
  readonly correlationValue: unknown;
  /** What the Message state gets as its result; default `{}`. */
  readonly data?: unknown;
  /** Sent twice with the same id, key and value, it is received once. Default: one for each call. */
  readonly messageId?: string;
  /** How long it is kept if nobody waits for it yet; default not at all. */
  readonly timeToLiveMs?: number;
  /** Who gets it if several wait; default `ALL`. `EXACTLY_ONE` is refused (FAILED_PRECONDITION) unless one does. */
  readonly match?: "ALL" | "OLDEST" | "EXACTLY_ONE";
  /** Only executions of this state machine. */
  readonly stateMachine?: string;
}

export interface SentMessage {
  /** Ids of the executions that received it. */
  readonly executions: readonly string[];
  /** Nobody waits; it is kept until its time to live ends. */
  readonly buffered: boolean;
  /** It was sent before; nothing was done. */
  readonly duplicate: boolean;
}

/** A Message state that waits. */
export interface MessageWait {
  /** The execution's id. */
  readonly execution: string;
  readonly statePath: string;
  readonly correlationKey: string;
  readonly correlationValue: Json | undefined;
  readonly since: Date | undefined;
  /** When it gives up; undefined: never. */
  readonly timeoutTime: Date | undefined;
}

/** Which waits to list; all conditions must hold. */
export interface MessageWaitFilter {
  readonly stateMachine?: string;
  readonly correlationKey?: string;
  /** Only beside a key. */
  readonly correlationValue?: unknown;
}

/** A call that is repeated sends the same message: it always has an id. */
export function sendRequestOf(message: SendMessage): SendMessageRequest {
  const { data, timeToLiveMs, match = "ALL", stateMachine = "" } = message;
  return create(SendMessageRequestSchema, {
    correlationKey: message.correlationKey,
    correlationValue: toJsonText(message.correlationValue),
    data: data === undefined ? "" : toJsonText(data),
    messageId: message.messageId ?? uniqueId(),
    match: MessageMatch[match],
    stateMachine,
    ...(timeToLiveMs !== undefined && { timeToLive: durationFromMs(timeToLiveMs) }),
  });
}

/** The filter text of AIP-160. */
export function messageWaitFilter(filter: MessageWaitFilter): string {
  const { stateMachine, correlationKey, correlationValue } = filter;
  const value = correlationValue === undefined ? undefined : toJsonText(correlationValue);
  return Object.entries({
    state_machine: stateMachine,
    correlation_key: correlationKey,
    correlation_value: value,
  })
    .filter((entry): entry is [string, string] => entry[1] !== undefined)
    .map(([name, text]) => `${name} = ${JSON.stringify(text)}`)
    .join(" AND ");
}

export function messageWaitOf(wait: MessageWaitMessage): MessageWait {
  const { execution, statePath, correlationKey, since, timeoutTime } = wait;
  return {
    execution,
    statePath,
    correlationKey,
    correlationValue: parseJsonText(wait.correlationValue),
    since: since && timestampDate(since),
    timeoutTime: timeoutTime && timestampDate(timeoutTime),
  };
}
