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

const policies = ["RETRY_AS_TIMEOUT", "FAIL", "PAUSE", "SKIP"] as const;
const resumed = { atMs: 1_000_000, event: { type: "Resumed" } } as const;
const transitionPattern =
  /StateEntered|StateExited|Scheduled|StateStarted|IterationStarted|^Execution/;

describe.each(seeds)("machine %i", (seed) => {
  const machine = randomMachine(seed);
  const definition = definitionOf(machine.source);
  const options = optionsOf(machine);
  const paused = { atMs: seed % 11, event: { type: "Paused" } } as const;

  /** The same whether it is restored before every step or never. */
  async function runOf(changes: RunOptions): Promise<Run> {
    const run = await runInMemory(definition, { ...options, ...changes });
    const restored = await runInMemory(definition, { ...options, ...changes, restores: true });
    expect(restored.history).toEqual(run.history);
    return run;
  }

  test("begins nothing while it is paused, then goes on to its end", async () => {
    const run = await runOf({ events: [paused, resumed] });
    expectClosed(run);
    const types = run.history.map(({ type }) => type);
    // One that has ended before is not paused.
    const from = types.includes("ExecutionPaused") ? types.indexOf("ExecutionPaused") + 1 : 0;
    const meanwhile = types.slice(from, Math.max(0, types.indexOf("ExecutionResumed")));
    expect(meanwhile.filter((type) => transitionPattern.test(type))).toEqual([]);
  });

  test("comes to the same with a pause as without, where nothing fails", async () => {
    const worker: RunOptions["worker"] = ({ statePath, input }) => ({
      text: input,
      afterMs: 1 + Math.floor(machine.chance(statePath) * 9),
    });
    const whole = await runOf({ worker });
    const run = await runOf({ worker, events: [paused, resumed] });
    expect(run.execution.output).toBe(whole.execution.output);
    const typesOf = ({ history }: Run): string[] =>
      history.map(({ type }) => type).filter((type) => !/Paused|Resumed/.test(type));
    expect(typesOf(run).toSorted()).toEqual(typesOf(whole).toSorted());
  });

  test.each(policies)("comes to its end when tasks are lost, by %s", async (policy) => {
    const losses = Array.from({ length: 12 }, (_, n) => ({
      atMs: 1 + ((seed + n) % 9),
      event: {
        type: "TaskLost",
        taskId: n + 3,
        policy,
        deliveries: 1,
        start: { atMs: 0 },
      } as const,
    }));
    expectClosed(await runOf({ events: [...losses, resumed] }));
  });
});

/** Closed by one last event, with nothing left open and no timer's id used twice. */
function expectClosed({ execution, history, effects }: Run): void {
  expect(execution.status).not.toBe("RUNNING");
  // What did not succeed keeps its scopes for a redrive.
  expect(execution.status === "SUCCEEDED" ? execution.scopes.size : 0).toBe(0);
  const closing = history.filter(({ type }) => /^Execution(?!Started|Paused|Resumed)/.test(type));
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
