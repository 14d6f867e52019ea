/**
 * What runs while things break: machines whose right output is known beforehand, so that whatever was
 * lost, doubled or mixed up shows in the result.
 *
 * Every run of a handler puts an id of its own into its output; the audit finds each in one place.
 */
import type { SendMessage } from "@pawl/sdk";

/** A machine, what it is given, and what must come of it. */
export interface Kind {
  readonly name: string;
  readonly definition: object;
  readonly input: (n: number) => object;
  /** Sent after the start, each when the one before is acknowledged. */
  readonly messages?: (n: number) => readonly SendMessage[];
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

function messageState(result: string): object {
  return {
    Type: "Message",
    CorrelationKey: "chaos",
    CorrelationValuePath: "$.n",
    ResultPath: `$.${result}`,
  };
}

function message(n: number, data: string): SendMessage {
  return {
    correlationKey: "chaos",
    correlationValue: n,
    messageId: data,
    data,
    timeToLiveMs: 600_000,
  };
}

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
    name: "nested",
    definition: {
      StartAt: "Child",
      States: {
        Child: {
          Type: "Task",
          Resource: "arn:aws:states:::states:startExecution.sync:2",
          Parameters: { StateMachineArn: "sequence", "Input.$": "$" },
          ResultSelector: { "n.$": "$.Output.n", "runs.$": "$.Output.runs" },
          End: true,
        },
      },
    },
    input: (n) => ({ n, runs: [] }),
    expected: (n) => ({ n: n + 3 }),
  },
  {
    name: "spread",
    definition: {
      StartAt: "Each",
      States: {
        Each: {
          Type: "Map",
          Label: "each",
          ItemsPath: "$.items",
          MaxConcurrency: 4,
          ItemProcessor: {
            ProcessorConfig: { Mode: "DISTRIBUTED", ExecutionType: "STANDARD" },
            StartAt: "One",
            States: { One: task("chaos:flaky") },
          },
          End: true,
        },
      },
    },
    input: (n) => ({
      items: Array.from({ length: 12 }, (_, index) => ({ n: n + index, runs: [] })),
    }),
    expected: (n) => Array.from({ length: 12 }, (_, index) => ({ n: n + index + 1 })),
  },
  {
    name: "callback",
    definition: {
      StartAt: "Ask",
      States: {
        Ask: {
          ...task("chaos:ask.waitForTaskToken"),
          Parameters: { "token.$": "$$.Task.Token", "work.$": "$" },
          TimeoutSeconds: 5,
        },
      },
    },
    input: (n) => ({ n, runs: [] }),
    expected: (n) => ({ n: n + 1 }),
  },
  {
    // Two waits of one correlation: what was received twice would be taken by the second.
    name: "messages",
    definition: {
      StartAt: "First",
      States: {
        First: { ...messageState("first"), Next: "Second" },
        Second: { ...messageState("second"), End: true },
      },
    },
    input: (n) => ({ n }),
    messages: (n) => [message(n, "a"), message(n, "a"), message(n, "b")],
    expected: (n) => ({ n, first: "a", second: "b" }),
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
