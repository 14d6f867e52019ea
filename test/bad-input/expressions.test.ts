/** Rows 49-75 through a running server: no expression stops it, fills its memory, or keeps others waiting. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Json, JsonObject } from "../../server/asl/index.ts";
import { refused } from "../support/api-server.ts";
import { choice, machine, pass } from "./support/machines.ts";
import { startRealServer, type RealServer } from "./support/real-server.ts";

let server: RealServer;
beforeAll(async () => {
  server = await startRealServer();
});
afterAll(() => server[Symbol.asyncDispose]());

const [succeeded, failed] = [2, 3];

const query = (text: string): string =>
  machine({ Type: "Pass", QueryLanguage: "JSONata", Output: `{% ${text} %}`, End: true });
const template = (call: string): string => pass({ Parameters: { "x.$": call } });

interface Failing {
  readonly row: number;
  readonly what: string;
  readonly definition: string;
  readonly input?: Json;
  readonly error: string;
  readonly named: RegExp;
}

const failingCalls: readonly Failing[] = [
  [58, "States.ArrayRange(0, 1000000000, 1)", /1000/],
  [58, "States.ArrayRange(0, 9, 0)", /step is 0/],
  [59, "States.ArrayPartition($.list, 0)", /chunk size 0/],
  [59, "States.ArrayPartition($.list, -1)", /chunk size -1/],
  [59, "States.ArrayPartition($.list, 1.5)", /argument 2 must be an integer/],
  [61, "States.Format('{} and {}', 1)", /2 \{\} for 1/],
  [62, "States.StringToJson('{')", /JSON|expected/i],
  [62, "States.StringToJson($.brackets)", /nested deeper than 100/],
  [63, "States.Base64Encode($.long)", /10000/],
  [63, "States.Hash($.long, 'MD5')", /10000/],
  [63, "States.Hash('x', 'MD4')", /MD4/],
  [64, "States.JsonMerge($, $, true)", /shallow/],
  [65, "States.MathRandom(9, 1)", /start 9/],
  [65, "States.MathAdd(9007199254740991, 1)", /range of integers/],
].map(([row, call, named]) => ({
  row: row as number,
  what: call as string,
  definition: template(call as string),
  input: { list: [1, 2], brackets: "[".repeat(100_000), long: "x".repeat(10_001) },
  error: "States.IntrinsicFailure",
  named: named as RegExp,
}));

const failingQueries: readonly Failing[] = [
  [68, "($f := function($n) { 1 + $f($n + 1) }; $f(1))", /D1011/],
  [69, "($f := function($n) { $f($n + 1) }; $f(1))", /units of work/],
  [69, "$reduce([1..60000], function($a, $b) { $append($a, $b) })", /units of work/],
  [70, "$pad('x', 3e8)", /longer than/],
  [70, "[1..1e7]", /D2015/],
  [
    70,
    "($g := function($x, $n) { $n = 0 ? $x : $g($x & $x, $n - 1) }; $g('ab', 40))",
    /longer than/,
  ],
  [
    70,
    "($g := function($x, $n) { $n = 0 ? $x : $g([[$x], [$x]], $n - 1) }; $string($g([1], 40)))",
    /larger than/,
  ],
  [72, "$eval('1 + 1')", /eval|T1006/],
  [72, "$sum", /unsupported result type/],
  [72, "/a/", /unsupported result type/],
  [72, "$states.input.nothing", /returned nothing/],
].map(([row, text, named]) => ({
  row: row as number,
  what: text as string,
  definition: query(text as string),
  error: "States.QueryEvaluationError",
  named: named as RegExp,
}));

const failingPath: Failing = {
  row: 51,
  what: "$..*..*..*",
  definition: pass({ InputPath: "$..*..*..*" }),
  input: Array.from({ length: 100_000 }, () => 1),
  error: "States.Runtime",
  named: /limit of 10000 nodes/,
};

describe("what fails when it runs", () => {
  test.each([failingPath, ...failingCalls, ...failingQueries])(
    "row $row: $what fails with $error",
    async ({ definition, input = {}, error, named }) => {
      const { result: execution, longestMs } = await whileOthersRun(() =>
        server.run(definition, JSON.stringify(input)),
      );
      expect(execution).toMatchObject({ status: failed, error: { error } });
      expect(execution.error!.cause).toMatch(named);
      expect(longestMs).toBeLessThan(50);
    },
  );
});

describe("what is much work and yet has an answer", () => {
  const numbers = Array.from({ length: 60_000 }, (_, i) => i % 1_000);
  const answered: readonly {
    row: number;
    what: string;
    definition: string;
    input: Json;
    output: Json;
  }[] = [
    {
      row: 67,
      what: "StringSplit at 10,000 characters",
      definition: template("States.StringSplit($.text, $.splitters)"),
      input: { text: "a,b".repeat(10_000), splitters: "xyz,".repeat(2_500) },
      output: { x: "a,b".repeat(10_000).split(",") },
    },
    {
      row: 67,
      what: "ArrayUnique of 60,000 items",
      definition: template("States.ArrayLength(States.ArrayUnique($))"),
      input: numbers,
      output: { x: 1_000 },
    },
    {
      row: 71,
      what: "a pattern that would backtrack for ever",
      definition: query("$contains($states.input, /^(a+)+$/)"),
      input: `${"a".repeat(100_000)}!`,
      output: false,
    },
    {
      row: 69,
      what: "a list of 20,000 results",
      definition: query("$count($map([1..20000], function($x) { $x * 2 + 1 }))"),
      input: {},
      output: 20_000,
    },
    {
      row: 50,
      what: "a filter on 60,000 items",
      definition: pass({ InputPath: "$[?(@ > 998)]" }),
      input: numbers,
      output: Array.from({ length: 60 }, () => 999),
    },
  ];

  test.each(answered)(
    "row $row: $what keeps nobody waiting",
    async ({ definition, input, output }) => {
      const { result: execution, longestMs } = await whileOthersRun(() =>
        server.run(definition, JSON.stringify(input)),
      );
      expect(execution).toMatchObject({ status: succeeded });
      expect(JSON.parse(execution.output)).toEqual(output);
      expect(longestMs).toBeLessThan(50);
    },
  );

  test("row 70: a hundred that want all the memory take none of it", async () => {
    const before = process.memoryUsage().rss;
    await Promise.all(
      Array.from({ length: 100 }, () =>
        server.run(query("$string($pad('x', 3e8)) & $pad('y', 3e8)")),
      ),
    );
    expect(process.memoryUsage().rss - before).toBeLessThan(300 * 1024 * 1024);
  });
});

describe("what is refused when the definition is made", () => {
  const nested = (depth: number): string => `${"States.Array(".repeat(depth)}1${")".repeat(depth)}`;
  test.each([
    [60, "INTRINSIC_DEPTH", template(nested(11))],
    [60, "INTRINSIC_DEPTH", template("States.Format(".repeat(700))],
    [61, "INTRINSIC_SYNTAX", template("States.Format('open)")],
    [61, "INTRINSIC_SYNTAX", template("States.Nope()")],
    [73, "EXPRESSION_TOO_LARGE", query("(".repeat(5_000))],
    [73, "EXPRESSION_TOO_LARGE", query("1".repeat(40_000))],
    [71, "JSONATA_UNSUPPORTED", query("$match('a', /(?=a)/)")],
    [75, "JSONATA_SYNTAX", query("")],
    [
      75,
      "JSONATA_SYNTAX",
      machine({ Type: "Pass", QueryLanguage: "JSONata", Output: "{% 1", End: true }),
    ],
    [
      75,
      "OTHER_QUERY_LANGUAGE",
      machine({ Type: "Pass", QueryLanguage: "JSONata", InputPath: "$", End: true }),
    ],
    [52, "REFERENCE_PATH_REQUIRED", pass({ ResultPath: "$.a[*]" })],
    [57, "PATTERN_INVALID", choice({ Variable: "$.a", StringMatches: "a\\" })],
  ] as const)("row %i: %s", async (_row, reason, definition) => {
    const { result: refusal, longestMs } = await whileOthersRun(() =>
      refused(server.apply(definition, "bad")),
    );
    expect(refusal).toMatchObject({ code: 3, reason });
    expect(longestMs).toBeLessThan(50);
  });
});

describe("chance and time", () => {
  test.each([
    [65, template("States.MathRandom(1, 1000000, 7)")],
    [74, query("$random(7)")],
  ])("row %i: a seed gives the same value each time", async (_row, definition) => {
    const [first, second] = [await server.run(definition), await server.run(definition)];
    expect(first).toMatchObject({ status: succeeded, output: second.output });
  });

  test.each([
    [66, { Type: "Pass", Parameters: { "id.$": "States.UUID()" }, Next: "W" }],
    [
      74,
      {
        Type: "Pass",
        QueryLanguage: "JSONata",
        Output: { id: "{% $now() & $random() %}" },
        Next: "W",
      },
    ],
  ] satisfies [number, JsonObject][])(
    "row %i: what was drawn is recorded once and stays",
    async (_row, state) => {
      const run = await server.run(machine(state, { W: { Type: "Wait", Seconds: 0, End: true } }));
      const { body } = await server.aws("GetExecutionHistory", { executionArn: run.arn });
      const events = body["events"] as readonly {
        readonly stateEnteredEventDetails?: JsonObject;
      }[];
      const waited = events.find(({ stateEnteredEventDetails: at }) => at?.["name"] === "W");
      expect(waited?.stateEnteredEventDetails).toMatchObject({ input: run.output });
    },
  );
});

/**
 * The longest time for which nothing else could run, in milliseconds of this thread's CPU: the server runs in
 * it, and a busy machine does not count. A neighbour's execution has to come to its end as well.
 */
async function whileOthersRun<Result>(
  work: () => Promise<Result>,
): Promise<{ readonly result: Result; readonly longestMs: number }> {
  let longestMs = 0;
  let last = process.threadCpuUsage();
  let isWatching = true;
  const watch = (): void => {
    const { user, system } = process.threadCpuUsage(last);
    longestMs = Math.max(longestMs, (user + system) / 1_000);
    last = process.threadCpuUsage();
    if (isWatching) setImmediate(watch);
  };
  setImmediate(watch);
  try {
    const [result, neighbour] = await Promise.all([work(), server.run(pass())]);
    expect(neighbour.status).toBe(succeeded);
    return { result, longestMs };
  } finally {
    isWatching = false;
  }
}
