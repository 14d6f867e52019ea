/** ASL § Choice State: which state follows. The operators have tests of their own. */
import { expect, test } from "vitest";
import { definitionOf } from "../../support/asl/builders.ts";
import { eventLines } from "../../support/asl/notation.ts";
import { runInMemory } from "../../support/asl/run-in-memory.ts";

const rules = [
  { Variable: "$.n", NumericGreaterThan: 10, Next: "Big" },
  { Variable: "$.n", NumericGreaterThan: 0, Next: "Small" },
];
const ends = { Big: { Type: "Succeed" }, Small: { Type: "Succeed" }, Other: { Type: "Succeed" } };

function choice(fields: Record<string, unknown>) {
  return definitionOf({
    StartAt: "C",
    States: { C: { Type: "Choice", Choices: rules, ...fields }, ...ends },
  });
}

test.each([
  { rule: "the first rule that holds decides", n: 11, next: "Big" },
  { rule: "a rule that does not hold is passed over", n: 5, next: "Small" },
  { rule: "Default follows when no rule holds", n: -1, next: "Other" },
])("$rule", async ({ n, next }) => {
  const { history } = await runInMemory(choice({ Default: "Other" }), { input: { n } });
  expect(eventLines(history).slice(1, 4)).toEqual([
    "2 <- 0 ChoiceStateEntered C",
    "3 <- 2 ChoiceStateExited C",
    `4 <- 3 SucceedStateEntered ${next}`,
  ]);
});

test("without Default, no match fails with States.NoChoiceMatched", async () => {
  const source = {
    StartAt: "C",
    States: { C: { Type: "Choice", Choices: [rules[0]] }, Big: ends.Big },
  };
  const { execution } = await runInMemory(definitionOf(source), { input: { n: -1 } });
  expect(execution.failure?.error).toBe("States.NoChoiceMatched");
});

test("InputPath and OutputPath select what goes in and out", async () => {
  const definition = choice({ InputPath: "$.in", OutputPath: "$.n", Default: "Other" });
  const { execution, history } = await runInMemory(definition, { input: { in: { n: 12 } } });
  expect(execution.output).toBe("12");
  expect(history[3]?.stateName).toBe("Big");
});
