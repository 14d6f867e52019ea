import type { Json } from "./json.ts";
import type { Payload } from "./payload.ts";
import type { Failure } from "./states-error.ts";

/** Payloads in the history are never cut short. */
const notTruncated = Object.freeze({ truncated: false });

type Details = { [key: string]: Json };

export function inputDetails(input: Payload): Details {
  return { input: input.text, inputDetails: notTruncated };
}

export function outputDetails(output: Payload): Details {
  return { output: output.text, outputDetails: notTruncated };
}

/** Error and cause, where the failure has them. */
export function failureDetails({ error, cause }: Failure): Details {
  const details: Details = {};
  if (error !== undefined) details["error"] = error;
  if (cause !== undefined) details["cause"] = cause;
  return details;
}
