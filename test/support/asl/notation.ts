/** Histories and effects in one line each, as tests and case files have them. */
import type { Effect } from "../../../server/asl/effect.ts";
import type { HistoryEvent } from "../../../server/asl/history-event.ts";

/** `5 <- 4 TaskFailed S`, with the branch or item in front of the state. */
export function eventLine({
  id,
  previousEventId,
  type,
  stateName,
  within,
  details,
}: HistoryEvent): string {
  const index = details?.["index"];
  const where =
    stateName === undefined ? "" : ` ${(within ?? "").replace("/States/", "")}${stateName}`;
  return `${id} <- ${previousEventId} ${type}${where}${index === undefined ? "" : ` ${JSON.stringify(index)}`}`;
}

export function eventLines(history: readonly HistoryEvent[]): string[] {
  return history.map(eventLine);
}

/** Only the types, in order. */
export function typesOf(history: readonly HistoryEvent[]): string[] {
  return history.map(({ type }) => type);
}

/** Details of the first event of a type. */
export function detailsOf(history: readonly HistoryEvent[], type: HistoryEvent["type"]): unknown {
  return history.find((event) => event.type === type)?.details;
}

/** `ScheduleTask 3 charge {"a":1}`, `StartTimer 5 at 1000 ms`. */
export function effectLine(effect: Effect, startMs: number): string {
  switch (effect.type) {
    case "ScheduleTask": {
      const attempt = effect.attempt === 1 ? "" : ` attempt ${effect.attempt}`;
      return `ScheduleTask ${effect.taskId} ${effect.queue} ${effect.input}${attempt}`;
    }
    case "CancelTask":
      return `CancelTask ${effect.taskId} ${effect.reason}`;
    case "StartTimer":
      return `StartTimer ${effect.timerId} at ${effect.dueAtMs - startMs} ms`;
    case "CancelTimer":
      return `CancelTimer ${effect.timerId}`;
    case "AwaitMessage":
      return `AwaitMessage ${effect.waitId} ${effect.correlationKey} ${JSON.stringify(effect.correlationValue)}`;
    case "EndMessageWait":
      return `EndMessageWait ${effect.waitId}`;
    case "StartMapRun":
      return `StartMapRun ${effect.taskId} ${effect.itemCount ?? "?"} items`;
    case "RedriveMapRun":
      return `RedriveMapRun ${effect.taskId}`;
    case "EndMapRun":
      return `EndMapRun ${effect.status}`;
    case "TakeInput":
      return `TakeInput ${effect.input}`;
    case "SetPause":
      return effect.pause === undefined ? "Unpause" : "Pause";
    case "GiveUpInput":
    case "RequestTurn":
      return effect.type;
  }
}
