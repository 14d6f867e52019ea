/** Which of the data between the steps AWS shows: it depends on the state's type and query language. */
import { Payload } from "../payload.ts";
import { variablesOf } from "../variables.ts";
import type { QueryLanguage, State } from "../definition/definition.ts";
import type { Observed } from "./probe.ts";
import type { Run } from "./run.ts";
import type { Inspection } from "./state-test.ts";

type Shown = readonly Exclude<keyof Observed, "failure">[];

const selected: Shown = ["afterInputPath"];
const result: Shown = ["afterResultSelector", "afterResultPath"];
const items: Shown = [
  "afterItemSelector",
  "afterItemBatcher",
  "afterItemsPointer",
  "maxConcurrency",
  "toleratedFailureCount",
  "toleratedFailurePercentage",
];

const shown: Record<QueryLanguage, Partial<Record<State["type"], Shown>>> = {
  JSONPath: {
    Choice: selected,
    Fail: selected,
    Map: [...selected, "afterItemsPath", ...items, ...result],
    Message: [...selected, "result", ...result],
    Parallel: result,
    Pass: [...selected, "afterParameters", "result", ...result],
    Succeed: selected,
    Task: [...selected, "afterParameters", "result", ...result],
    Wait: selected,
  },
  JSONata: { Map: items, Message: ["result"], Task: ["afterArguments", "result"] },
};

/** AWS's InspectionData of what has been observed. */
export function inspectionOf({ progress, scope, state, input, observed }: Run): Inspection {
  const inspection: { [name: string]: Inspection[string] } = { input: input.text };
  for (const name of [...(shown[state.queryLanguage][state.type] ?? []), "errorDetails"] as const) {
    const value = observed[name];
    if (value !== undefined) inspection[name] = value instanceof Payload ? value.text : value;
  }
  const variables = Object.fromEntries(variablesOf(progress, scope));
  if (Object.keys(variables).length > 0) inspection["variables"] = Payload.of(variables).text;
  return inspection;
}
