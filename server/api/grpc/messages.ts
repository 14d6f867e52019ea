import { create } from "@bufbuild/protobuf";
import { checkPayload } from "../../asl/index.ts";
import type { ListMessageWaits, MessageWait, SendMessage } from "../../engine/engine.ts";
import {
  ListMessageWaitsResponseSchema,
  MessageMatch,
  MessageMatchSchema,
  MessageWaitSchema,
  SendMessageResponseSchema,
  type ExecutionService,
  type MessageWait as MessageWaitMessage,
} from "../../gen/pawl/v1/execution_service_pb.ts";
import { filterCharactersMax } from "../limits.ts";
import { pageInfoOf, pageQueryOf } from "../convert/page.ts";
import { durationMs, timestampOf } from "../convert/time.ts";
import { filterTerms, once, onlyEquals, textOf } from "../filter.ts";
import type { Handlers, ServiceDeps } from "../service.ts";
import { quoted, refuse, Violations } from "../violations.ts";

type Rpcs = Handlers<typeof ExecutionService>;

export function sendMessage({ engine }: ServiceDeps): Rpcs["sendMessage"] {
  return async (request) => {
    const violations = new Violations();
    violations.required("correlation_key", request.correlationKey);
    violations.required("correlation_value", request.correlationValue);
    violations.known("match", MessageMatchSchema, request.match);
    violations.duration("time_to_live", request.timeToLive);
    violations.refuse();
    const { data, messageId, stateMachine, timeToLive } = request;
    const sent = await engine.sendMessage({
      correlationKey: request.correlationKey,
      correlationValue: request.correlationValue,
      match: matches[request.match as keyof typeof matches],
      ...(data !== "" && { data }),
      ...(messageId !== "" && { messageId }),
      ...(stateMachine !== "" && { stateMachine }),
      ...(timeToLive !== undefined && { timeToLiveMs: durationMs(timeToLive) }),
    });
    return create(SendMessageResponseSchema, {
      executions: [...sent.executions],
      buffered: sent.isBuffered,
      duplicate: sent.isDuplicate ?? false,
    });
  };
}

const matches = {
  [MessageMatch.UNSPECIFIED]: "ALL",
  [MessageMatch.ALL]: "ALL",
  [MessageMatch.OLDEST]: "OLDEST",
  [MessageMatch.EXACTLY_ONE]: "EXACTLY_ONE",
} as const satisfies { readonly [match: number]: SendMessage["match"] };

export function listMessageWaits({ engine }: ServiceDeps): Rpcs["listMessageWaits"] {
  return async (request) => {
    const violations = new Violations();
    const query = pageQueryOf(request.page, violations, { orders: ["since"], hasFilter: true });
    violations.refuse();
    const filter = waitsFilter(request.page?.filter ?? "", "page.filter");
    const page = await engine.listMessageWaits({ ...query, ...filter });
    return create(ListMessageWaitsResponseSchema, {
      waits: page.items.map(messageWaitOf),
      page: pageInfoOf(page.nextPageToken),
    });
  };
}

type WaitsFilter = Pick<ListMessageWaits, "stateMachine" | "correlationKey" | "correlationValue">;

const filterFields: Readonly<Record<string, keyof WaitsFilter>> = {
  state_machine: "stateMachine",
  correlation_key: "correlationKey",
  correlation_value: "correlationValue",
};

/** `state_machine = "orders" AND correlation_key = "orderId" AND correlation_value = "42"`: the value as JSON text. */
function waitsFilter(text: string, field: string): WaitsFilter {
  const filter: { -readonly [Key in keyof WaitsFilter]: WaitsFilter[Key] } = {};
  for (const term of filterTerms(text, field)) {
    const name = Object.hasOwn(filterFields, term.name) ? filterFields[term.name] : undefined;
    if (name === undefined)
      refuse(
        field,
        `names ${quoted(term.name)}; known are ${Object.keys(filterFields).join(", ")}`,
        "FILTER",
      );
    once(filter[name], term);
    onlyEquals(term);
    filter[name] = textOf(term);
  }
  const { correlationKey, correlationValue } = filter;
  if (correlationValue === undefined) return filter;
  if (correlationKey === undefined)
    refuse(field, "has a correlation_value without a correlation_key", "FILTER");
  if (checkPayload(correlationValue, { bytesMax: 4 * filterCharactersMax }) !== undefined)
    refuse(
      field,
      `has correlation_value ${quoted(correlationValue)}, which is no JSON text`,
      "FILTER",
    );
  return filter;
}

function messageWaitOf(wait: MessageWait): MessageWaitMessage {
  return create(MessageWaitSchema, {
    execution: wait.executionId,
    statePath: wait.statePath,
    correlationKey: wait.correlationKey,
    correlationValue: wait.correlationValue,
    since: timestampOf(wait.sinceMs),
    ...(wait.timeoutAtMs !== undefined && { timeoutTime: timestampOf(wait.timeoutAtMs) }),
  });
}
