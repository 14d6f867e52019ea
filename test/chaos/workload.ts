/**
 * What runs while things break: machines whose right output is known beforehand, so that whatever was
 * lost, doubled or mixed up shows in the result.
 *
 * Every run of a handler puts an id of its own into its output; the audit finds each in one place.
 */
export interface Kind {
  readonly name: string;
  readonly definition: object;
  readonly input: (n: number) => object;
  /** The output as it must be, run ids taken out. */
  readonly expected: (n: number) => unknown;
}

const retry = [
  {
    ErrorEquals: ["States.TaskFailed", "States.Timeout"],
    IntervalSeconds: 1,
    MaxAttempts: 20,
    BackoffRate: 1,
  },
];
const task = (resource: string, next?: string): object => ({
  Type: "Task",
  Resource: resource,
  Retry: retry,
  ...(next === undefined ? { End: true } : { Next: next }),
});

export const kinds: readonly Kind[] = [
  {
    name: "sequence",
    definition: {
      StartAt: "A",
      States: { A: task("chaos:add", "B"), B: task("chaos:flaky", "C"), C: task("chaos:add") },
    },
    input: (n) => ({ n, runs: [] }),
    expected: (n) => ({ n: n + 3 }),
  },
  {
    name: "map",
    definition: {
      StartAt: "Each",
      States: {
        Each: {
          Type: "Map",
          ItemsPath: "$.items",
          MaxConcurrency: 4,
          ItemProcessor: { StartAt: "One", States: { One: task("chaos:add") } },
          End: true,
        },
      },
    },
    input: (n) => ({
      items: Array.from({ length: 8 }, (_, index) => ({ n: n + index, runs: [] })),
    }),
    expected: (n) => Array.from({ length: 8 }, (_, index) => ({ n: n + index + 1 })),
  },
  {
    name: "waits",
    definition: {
      StartAt: "Pause",
      States: {
        Pause: { Type: "Wait", SecondsPath: "$.seconds", Next: "Both" },
        Both: {
          Type: "Parallel",
          Branches: [
            { StartAt: "Left", States: { Left: task("chaos:add") } },
            {
              StartAt: "Rest",
              States: {
                Rest: { Type: "Wait", Seconds: 1, Next: "Right" },
                Right: task("chaos:add"),
              },
            },
          ],
          End: true,
        },
      },
    },
    input: (n) => ({ n, runs: [], seconds: n % 3 }),
    expected: (n) => [
      { n: n + 1, seconds: n % 3 },
      { n: n + 1, seconds: n % 3 },
    ],
  },
  {
    name: "beats",
    definition: {
      StartAt: "Slow",
      States: { Slow: { ...task("chaos:slow"), HeartbeatSeconds: 2, TimeoutSeconds: 60 } },
    },
    input: (n) => ({ n, runs: [] }),
    expected: (n) => ({ n: n + 1 }),
  },
];

/** Output without run ids, and the ids. */
export function withoutRuns(output: unknown): {
  readonly value: unknown;
  readonly runs: readonly string[];
} {
  const runs: string[] = [];
  const strip = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(strip);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).flatMap(([key, inner]) => {
        if (key !== "runs") return [[key, strip(inner)]];
        runs.push(...(inner as string[]));
        return [];
      }),
    );
  };
  return { value: strip(output), runs };
}
