import type { ChainFacts } from "../asl/index.ts";
import { chainOutput, type ChainOptions } from "./chains.ts";
import type { Executions } from "./engine.ts";
import type { NativeHandler } from "./native-worker.ts";
import { called, type ErrorStyle } from "./service-call.ts";

export type ChainHandlerOptions = ChainOptions & Pick<Executions, "waitForExecution">;

const style: ErrorStyle = { prefix: "Pawl", cause: ({ message }) => message };

/** The task that a chained execution begins with: waits for its source to close, and takes the output. */
export function chainHandler(options: ChainHandlerOptions): NativeHandler {
  return async ({ task, signal }) => {
    const facts = JSON.parse(task.input) as ChainFacts;
    const take = async (): Promise<string> =>
      chainOutput(options, facts, await options.waitForExecution(facts.execution, signal));
    const taken = await called(take, style, signal);
    return "refusal" in taken ? taken.refusal : { kind: "Succeeded", output: taken.answer };
  };
}
