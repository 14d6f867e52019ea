/**
 * Random machines, played by the server's interpreter and by a naive one that shares no code with it:
 * the same end, and in every branch the same states at the same times with the same input, and the same tasks.
 * Pauses that end at once change nothing.
 *
 * 10,000 in CI, else 2,000, or PAWL_TEST_MACHINES; PAWL_TEST_SEED says which; a difference is printed with its seed and the
 * smallest machine that shows it.
 */
import fc from "fast-check";
import { isDeepStrictEqual } from "node:util";
import { expect, test } from "vitest";
import { definitionOf, startMs } from "../support/asl/builders.ts";
import { runInMemory } from "../support/asl/run-in-memory.ts";
import type { Run } from "../support/asl/run-in-memory.ts";
import { play } from "./naive/arbitrary.ts";
import type { Play } from "./naive/arbitrary.ts";
import { interpret } from "./naive/interpret.ts";
import type { Result } from "./naive/interpret.ts";
import type { Json } from "./naive/machine.ts";
import type { Entry, Outcome } from "./naive/thread.ts";

const { CI, PAWL_TEST_MACHINES, PAWL_TEST_SEED } = process.env;
const machines = Number(PAWL_TEST_MACHINES ?? (CI === undefined ? 2_000 : 10_000));
const seed = Number(PAWL_TEST_SEED ?? 20_261_123);

test(
  `${machines} random machines do what the specification says`,
  { timeout: 600_000 },
  async () => {
    const ends = new Map<string, number>();
    const property = fc.asyncProperty(play, pausesMs, async (drawn, atMs) => {
      const naive = await interpret(drawn.machine, drawn.input, workerOf(drawn));
      fc.pre(naive !== undefined);
      const run = await played(drawn, atMs);
      expect(endOf(run)).toEqual(naiveEndOf(naive));
      expect(differences(traceOf(run), naive.trace)).toEqual([]);
      const end = naive.error ?? naive.status;
      ends.set(end, (ends.get(end) ?? 0) + 1);
    });
    await fc.assert(property, { numRuns: machines, seed });
    // Not only machines that fail at their first path.
    expect(ends.get("SUCCEEDED") ?? 0).toBeGreaterThan(machines / 5);
  },
);

/** When the execution is paused, and resumed before anything else happens. */
const pausesMs = fc.array(fc.nat(10_000), { maxLength: 3 });

async function played(drawn: Play, pausedAtMs: readonly number[]): Promise<Run> {
  const worker = workerOf(drawn);
  return await runInMemory(definitionOf(drawn.machine), {
    input: drawn.input,
    events: pausedAtMs.flatMap((atMs) => [
      { atMs, event: { type: "Paused" } },
      { atMs, event: { type: "Resumed" } },
    ]),
    worker: ({ statePath, attempt }, _taken, _redriveCount, nowMs) =>
      worker(statePath, attempt, nowMs),
  });
}

/** What a worker does depends on which task it is, which attempt and when: the same for both interpreters. */
function workerOf({ script }: Play): (statePath: string, attempt: number, atMs: number) => Outcome {
  return (statePath, attempt, atMs) => {
    const chance = hash(`${statePath} ${attempt} ${atMs}`);
    const outcomes = script[statePath.slice(statePath.lastIndexOf("/") + 1)] ?? [];
    const { isSlow = false, ...outcome } = outcomes[chance % outcomes.length] ?? { output: {} };
    return { ...outcome, afterMs: (isSlow ? 5_000 : 1) + (chance % 1_499) };
  };
}

/** FNV-1a. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (const unit of text) value = Math.imul(value ^ (unit.codePointAt(0) ?? 0), 0x01000193);
  return (value ^ (value >>> 15)) >>> 0;
}

type End = Omit<Result, "trace">;

function endOf({ execution: { status, output, failure } }: Run): End {
  const end = {
    status: status as Result["status"],
    ...(output !== undefined && { output: masked(output) }),
    ...failure,
  };
  return status === "FAILED" && end.cause !== undefined
    ? { ...end, cause: maskedText(end.cause) }
    : end;
}

function naiveEndOf({ trace: _, ...end }: Result): End {
  return end;
}

function traceOf({ history }: Run): readonly Entry[] {
  return history.flatMap(
    ({ type, stateName = "", within = "/States/", timestampMs, details, attempt }) => {
      const at = { branch: within, atMs: timestampMs - startMs };
      if (type.endsWith("StateEntered"))
        return [{ ...at, what: stateName, input: masked(details?.["input"] as string) }];
      if (type !== "TaskScheduled") return [];
      const input = masked(details?.["parameters"] as string);
      return [{ ...at, what: `task ${stateName} attempt ${attempt}`, input }];
    },
  );
}

/** The interpreter's own causes name event ids, of which the naive one knows nothing. */
function maskedText(text: string): string {
  return text.startsWith("An error occurred while executing the state '") ? "*" : text;
}

function masked(text: string): Json {
  return JSON.parse(text, (_key, value: unknown) =>
    typeof value === "string" ? maskedText(value) : value,
  ) as Json;
}

/** Branch by branch; what the naive trace leaves open may be there or not. */
function differences(trace: readonly Entry[], naive: readonly Entry[]): readonly object[] {
  const branches = new Set([...trace, ...naive].map(({ branch }) => branch));
  return [...branches].flatMap((branch): readonly object[] => {
    const found = trace.filter((entry) => entry.branch === branch);
    for (const { isMaybe, ...expected } of naive.filter((entry) => entry.branch === branch)) {
      const next = found[0];
      if (next !== undefined && isDeepStrictEqual(next, expected)) found.shift();
      else if (isMaybe !== true) return [{ expected, found: next }];
    }
    return found.length === 0 ? [] : [{ branch, tooMany: found }];
  });
}
