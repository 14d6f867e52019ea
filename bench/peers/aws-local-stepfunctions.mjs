// aws-local-stepfunctions: an interpreter in the process, without durability; the same machines as ours, but for JSONata.
import { readFileSync } from "node:fs";
import { StateMachine } from "aws-local-stepfunctions";
import { options, print } from "./closed-loop.mjs";

const { seconds } = options();
const machines = JSON.parse(readFileSync(new URL("../interpret-machines.json", import.meta.url)));
for (const { name, definition, input } of machines) {
  if (definition.QueryLanguage === "JSONata") continue;
  const overrides = {
    taskResourceLocalHandlers: Object.fromEntries(
      Object.keys(definition.States).map((state) => [state, async () => ({ done: true })]),
    ),
  };
  const machine = new StateMachine(definition, { validationOptions: { checkArn: false } });
  const runFor = async (forSeconds) => {
    const began = performance.now();
    let executions = 0;
    for (; performance.now() - began < forSeconds * 1000; executions += 1)
      await machine.run(input, { overrides }).result;
    return (executions * 1000) / (performance.now() - began);
  };
  await runFor(seconds / 2);
  print({ what: `aws-local ${name}`, perSecond: await runFor(seconds) });
}
