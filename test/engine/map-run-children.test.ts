import type pg from "pg";
import { expect, test } from "vitest";
import type { ChildInput, ExecutionStatus } from "../../server/asl/index.ts";
import type { Execution } from "../../server/engine/engine.ts";
import { childNames } from "../../server/engine/map-runs/child-names.ts";
import { Children } from "../../server/engine/map-runs/run-children.ts";
import { Updates } from "../../server/engine/updates.ts";
import type { MapRunRecord } from "../../server/store/reads/map-runs.ts";
import type { ChildStatus } from "../../server/store/sql/map-run-children.ts";

const redrivenAtMs = 1_000;
const names = childNames("arn:aws:states:us-east-1:000000000000:mapRun:machine/each:1");
const run = {
  id: "run",
  status: "RUNNING",
  maxConcurrency: 0,
  toleratedFailureCount: null,
  toleratedFailurePercentage: null,
  itemCount: null,
  isPaused: false,
  redrivenAtMs,
} as unknown as MapRunRecord;

async function* inputs(count: number): AsyncGenerator<ChildInput> {
  for (let index = 0; index < count; index += 1) yield { input: String(index), itemCount: 1 };
}

/** Children by the rows that a test gives them, and a run that was redriven. */
function redriven(first?: Omit<ChildStatus, "id">) {
  const { id } = names.of(0);
  const rows = new Map<string, ChildStatus>(first === undefined ? [] : [[id, { id, ...first }]]);
  const updates = new Updates<Execution>();
  /** Commits what has become of the child, and tells who follows it. */
  const set = (status: ExecutionStatus, begunAtMs: number): void => {
    rows.set(id, { id, status, begunAtMs });
    const closed = { id, status, startedAtMs: begunAtMs, redrive: { count: 0 } } as Execution;
    updates.publish(id, () => ({ events: [], ...(status !== "RUNNING" && { closed }) }));
  };
  const query = async ({ name, values }: { name: string; values: readonly [unknown] }) => {
    if (name === "find-map-run") return { rows: [run] };
    if (name !== "map-run-child-statuses") return { rows: [] };
    const asked = values[0] as readonly string[];
    return { rows: asked.flatMap((each) => rows.get(each) ?? []) };
  };
  const children = (more: Partial<ConstructorParameters<typeof Children>[1]>): Children =>
    new Children(run, {
      sql: { query } as unknown as pg.Pool,
      updates,
      names,
      isResident: () => true,
      start: () => Promise.reject(new Error("not to be started")),
      stop: () => Promise.reject(new Error("not to be stopped")),
      takeUp: () => Promise.reject(new Error("not to be taken up")),
      concurrencyMax: 10,
      signal: new AbortController().signal,
      ...more,
    });
  return { set, children, rows, id };
}

test("a child whose stop comes late is taken up when it has ended, and that end is not this attempt's", async () => {
  const { set, children } = redriven({ status: "RUNNING", begunAtMs: 10 });
  const stops: unknown[] = [];
  let takenUp = 0;
  const end = await children({
    stop: (attempt) => {
      stops.push(attempt);
      // Handed to a server that is frozen: it comes to it later.
      setTimeout(() => set("ABORTED", 10), 20);
      return Promise.reject(new Error("not known"));
    },
    takeUp: async ({ status }) => {
      if (status === "RUNNING") return undefined;
      takenUp += 1;
      set("RUNNING", redrivenAtMs + 1);
      setTimeout(() => set("SUCCEEDED", redrivenAtMs + 1), 20);
      return "RUNNING";
    },
  }).run(inputs(1));
  expect(end).toBe("Done");
  expect(takenUp).toBe(1);
  expect(stops).not.toEqual([]);
  for (const attempt of stops) expect(attempt).toMatchObject({ begunAtMs: 10 });
});

test("a child that an earlier attempt began while this one looked is stopped and taken up, not begun for ever", async () => {
  const { set, children } = redriven();
  const end = await children({
    start: async () => {
      set("RUNNING", 20); // the start that was on its way has won
      return undefined;
    },
    stop: async () => set("ABORTED", 20),
    takeUp: async () => {
      setTimeout(() => set("SUCCEEDED", redrivenAtMs + 1), 20);
      set("RUNNING", redrivenAtMs + 1);
      return "RUNNING";
    },
  }).run(inputs(1));
  expect(end).toBe("Done");
});

test("a child that fails in this attempt fails the run", async () => {
  const { set, children } = redriven({ status: "ABORTED", begunAtMs: 10 });
  const end = await children({
    takeUp: async () => {
      set("RUNNING", redrivenAtMs + 1);
      setTimeout(() => set("FAILED", redrivenAtMs + 1), 20);
      return "RUNNING";
    },
  }).run(inputs(1));
  expect(end).toBe("Exceeded");
});
