/** Calls of intrinsic functions that refer to nothing, and so come out the same each time. */
import { compileTemplateExpression } from "../data/payload-template.ts";
import { StatesError } from "../states-error.ts";
import type { Evaluation } from "./definition.ts";

/** Nothing in the call asks for any of it, but for chance. */
const nothing: Evaluation = {
  input: null,
  context: () => null,
  variables: new Map(),
  turn: {
    nowMs: 0,
    random: () => 0,
    newUuid: () => "",
    limits: { payloadBytesMax: 0, historyEventsMax: 0, transitionsPerTurnMax: 0 },
    aws: { region: "", accountId: "" },
  },
};

/** Why it fails whenever it is evaluated, if it does. @param text a call without paths. */
export function constantCallProblem(text: string): string | undefined {
  try {
    compileTemplateExpression(text, "").evaluate(nothing);
    return undefined;
  } catch (error) {
    if (error instanceof StatesError) return error.message;
    throw error;
  }
}
