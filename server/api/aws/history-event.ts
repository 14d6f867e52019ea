import type { HistoryEvent, HistoryEventType, Json } from "../../asl/index.ts";
import { epochSeconds } from "./operation.ts";

/** An entry of GetExecutionHistory. Payloads are never cut short here, so `truncated` is always false. */
export function awsHistoryEvent(event: HistoryEvent, includeExecutionData: boolean): object {
  const { timestampMs, type, id, previousEventId, details } = event;
  const shown = details && awsDetails(details, includeExecutionData);
  return {
    timestamp: epochSeconds(timestampMs),
    type,
    id,
    previousEventId,
    ...(shown !== undefined && { [detailsKey(type)]: shown }),
  };
}

/** The member of HistoryEvent that carries the details of a type: one for all states entered, one for all exited. */
function detailsKey(type: HistoryEventType): string {
  if (type.endsWith("StateEntered")) return "stateEnteredEventDetails";
  if (type.endsWith("StateExited")) return "stateExitedEventDetails";
  return `${type.charAt(0).toLowerCase()}${type.slice(1)}EventDetails`;
}

/** Payloads and their companions; `name`, `resource`, `roleArn`, `error` and `cause` are no execution data. */
const payloadFields = new Set([
  "input",
  "inputDetails",
  "output",
  "outputDetails",
  "parameters",
  "assignedVariables",
  "assignedVariablesDetails",
]);

type Details = { readonly [key: string]: Json };

function awsDetails(details: Details, includeExecutionData: boolean): Details {
  if (!includeExecutionData) {
    return Object.fromEntries(Object.entries(details).filter(([key]) => !payloadFields.has(key)));
  }
  return {
    ...details,
    ...("input" in details && { inputDetails: { truncated: false } }),
    ...("output" in details && { outputDetails: { truncated: false } }),
    ...("assignedVariables" in details && { assignedVariablesDetails: { truncated: false } }),
  };
}
