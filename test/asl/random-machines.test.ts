/** What must hold for any machine and any mixture of failures. The seed is in the test's name. */
import { describe, expect, test } from "vitest";
import { definitionOf } from "../support/asl/builders.ts";
import { randomMachine } from "../support/asl/random-machine.ts";
import { runInMemory } from "../support/asl/run-in-memory.ts";
import type { RandomMachine } from "../support/asl/random-machine.ts";
import type { Answer, Run, RunOptions } from "../support/asl/run-in-memory.ts";

const seeds = Array.from({ length: 120 }, (_, i) => i + 1);

function optionsOf({ chance }: RandomMachine, changes: RunOptions["limits"] = {}): RunOptions {
  const worker: NonNullable<RunOptions["worker"]> = ({ statePath, attempt }): Answer => {
    const fate = chance(`${statePath} ${attempt}`);
    if (fate < 0.15) return { failed: true, error: "Busy", afterMs: 3 };
    if (fate < 0.2) return { failed: true, error: "Gone", afterMs: 4 };
    return { output: { fate }, afterMs: fate < 0.25 ? 1500 : 1 + Math.floor(fate * 10) };
  };
  return { input: { items: [1, 2, 3] }, worker, limits: { payloadBytesMax: 60_000, ...changes } };
}

describe.each([
  { room: "with room for the whole history", limits: {} },
  { room: "where many histories are full too early", limits: { historyEventsMax: 40 } },
])("$room", ({ limits }) => {
  test.each(seeds)("machine %i", async (seed) => {
    const machine = randomMachine(seed);
    const definition = definitionOf(machine.source);
    const options = optionsOf(machine, limits);
    const whole = await runInMemory(definition, options);

    // Restoring it before every step makes no difference.
    const restored = await runInMemory(definition, { ...options, restores: true });
    expect(restored.history).toEqual(whole.history);

    // Nor do short turns, but for the order among branches.
    const short = await runInMemory(definition, {
      ...options,
      restores: true,
      limits: { ...options.limits, transitionsPerTurnMax: 2 },
    });
    for (const run of [whole, short]) expectClosed(run);
  });
});

test.each(seeds)(
  "machine %i succeeds when it is redriven and nothing fails any more",
  async (seed) => {
    const machine = randomMachine(seed);
    const definition = definitionOf(machine.source);
    const options = optionsOf(machine);
    const stop = { atMs: seed % 7, event: { type: "Stopped", failure: {} } } as const;
    const redrive = { atMs: 1_000_000, event: { type: "Redriven" } } as const;
    const worker: RunOptions["worker"] = (task, taken, redriveCount, nowMs) =>
      redriveCount === 0 ? options.worker!(task, taken, redriveCount, nowMs) : { output: {} };
    const run = (restores: boolean): Promise<Run> =>
      runInMemory(definition, { ...options, worker, restores, events: [stop, redrive] });
    const whole = await run(false);
    expect((await run(true)).history).toEqual(whole.history);
    expect(whole.execution).toMatchObject({ status: "SUCCEEDED" });
  },
);

/** Closed by one last event, with nothing left open and no timer's id used twice. */
function expectClosed({ execution, history, effects }: Run): void {
  expect(execution.status).not.toBe("RUNNING");
  // What did not succeed keeps its scopes for a redrive.
  expect(execution.status === "SUCCEEDED" ? execution.scopes.size : 0).toBe(0);
  const closing = history.filter(({ type }) => /^Execution(?!Started)/.test(type));
  expect(closing).toEqual([history.at(-1)]);

  const begun = effects.flatMap((effect) => (effect.type === "StartTimer" ? [effect.timerId] : []));
  expect(new Set(begun).size).toBe(begun.length);
  const ended = new Set(
    history.flatMap(({ type, previousEventId }) =>
      /(Started|Succeeded|Failed|TimedOut)$/.test(type) ? [previousEventId] : [],
    ),
  );
  const cancelled = new Set(
    effects.flatMap((effect) => (effect.type === "CancelTask" ? [effect.taskId] : [])),
  );
  const left = effects.filter(
    (effect) =>
      effect.type === "ScheduleTask" && !ended.has(effect.taskId) && !cancelled.has(effect.taskId),
  );
  expect(left).toEqual([]);
}
