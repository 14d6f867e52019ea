/** What is measured: machines, and how much of each. */
export interface Load {
  /** Executions at any time. */
  readonly inFlight: number;
  readonly executions: number;
  /** Of a Map: its items. */
  readonly items?: number;
}

export interface Scenario {
  readonly name: string;
  readonly definition: object;
  readonly loads: readonly Load[];
  readonly quickLoads: readonly Load[];
}

const task = (next?: string): object => ({
  Type: "Task",
  Resource: "bench:step",
  ...(next === undefined ? { End: true } : { Next: next }),
});

const sequential: Scenario = {
  name: "sequential",
  definition: { StartAt: "One", States: { One: task("Two"), Two: task("Three"), Three: task() } },
  loads: [
    { inFlight: 1, executions: 400 },
    { inFlight: 16, executions: 4_000 },
    { inFlight: 128, executions: 12_000 },
    { inFlight: 200, executions: 10_000 },
    { inFlight: 512, executions: 16_000 },
  ],
  quickLoads: [
    { inFlight: 1, executions: 150 },
    { inFlight: 128, executions: 4_000 },
    { inFlight: 200, executions: 10_000 },
  ],
};

const map: Scenario = {
  name: "map",
  definition: {
    StartAt: "Each",
    States: {
      Each: {
        Type: "Map",
        ItemsPath: "$.items",
        ItemProcessor: { StartAt: "One", States: { One: task() } },
        ResultPath: null,
        End: true,
      },
    },
  },
  loads: [
    { inFlight: 1, executions: 40, items: 100 },
    { inFlight: 8, executions: 80, items: 100 },
    { inFlight: 1, executions: 3, items: 1_000 },
    { inFlight: 1, executions: 2, items: 10_000 },
  ],
  quickLoads: [
    { inFlight: 1, executions: 20, items: 100 },
    { inFlight: 1, executions: 1, items: 1_000 },
    { inFlight: 1, executions: 1, items: 10_000 },
  ],
};

const pass: Scenario = {
  name: "pass",
  definition: {
    StartAt: "P1",
    States: Object.fromEntries(
      Array.from({ length: 20 }, (_, index) => [
        `P${index + 1}`,
        { Type: "Pass", ...(index === 19 ? { End: true } : { Next: `P${index + 2}` }) },
      ]),
    ),
  },
  loads: [
    { inFlight: 1, executions: 400 },
    { inFlight: 128, executions: 12_000 },
  ],
  quickLoads: [{ inFlight: 128, executions: 4_000 }],
};

/** Executions that start and wait: `start` times the starts, `idle` what they cost while they wait. */
const start: Scenario = {
  name: "start",
  definition: { StartAt: "Wait", States: { Wait: { Type: "Wait", Seconds: 86_400, End: true } } },
  loads: [{ inFlight: 128, executions: 10_000 }],
  quickLoads: [{ inFlight: 128, executions: 3_000 }],
};

const idle: Scenario = {
  ...start,
  name: "idle",
  loads: [{ inFlight: 128, executions: 10_000 }],
  quickLoads: [{ inFlight: 128, executions: 10_000 }],
};

/** The executions of `sequential` as one batch: it must not cost much more than clients that start them. */
const batch: Scenario = {
  ...sequential,
  name: "batch",
  loads: [{ inFlight: 200, executions: 10_000 }],
  quickLoads: [{ inFlight: 200, executions: 10_000 }],
};

export const scenarios: readonly Scenario[] = [sequential, batch, map, pass, start, idle];

/** Input of one execution: about 100 bytes, or a Map's items. */
export function inputOf(load: Load, index: number): object {
  if (load.items === undefined)
    return {
      order: `A-${index}`,
      amount: 250,
      currency: "EUR",
      customer: { id: index, name: "Ada Lovelace" },
    };
  return { items: Array.from({ length: load.items }, (_, item) => item) };
}
