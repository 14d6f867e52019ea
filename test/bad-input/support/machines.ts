import type { JsonObject } from "../../../server/asl/index.ts";

/** A machine with the state `S`, and others. */
export function machine(state: JsonObject, others: JsonObject = {}): string {
  return JSON.stringify({ StartAt: "S", States: { S: state, ...others } });
}

export const pass = (fields: JsonObject = {}): string =>
  machine({ Type: "Pass", End: true, ...fields });

export const task = (fields: JsonObject = {}): string =>
  machine({ Type: "Task", Resource: "r", End: true, ...fields });

export const retry = (retrier: JsonObject): string =>
  task({ Retry: [{ ErrorEquals: ["E"], ...retrier }] });

export const wait = (fields: JsonObject): string => machine({ Type: "Wait", End: true, ...fields });

export const choice = (rule: JsonObject): string =>
  machine({ Type: "Choice", Choices: [{ Next: "D", ...rule }] }, { D: { Type: "Succeed" } });

/** Parallel states, one inside the other. */
export function nested(depth: number): string {
  let body: JsonObject = { Type: "Pass", End: true };
  for (let level = 0; level < depth; level += 1) {
    const Branches = [{ StartAt: `s${level}`, States: { [`s${level}`]: body } }];
    body = { Type: "Parallel", End: true, Branches };
  }
  return machine(body);
}
