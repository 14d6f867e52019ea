/** The fields of random states, in both query languages, over the one shape of input that all machines get. */
import fc from "fast-check";
import type { Catcher, Json, Retrier, Rule, State } from "./machine.ts";
import { upToStatesAll } from "./plan.ts";
import type { PlannedOutcome, StatePlan } from "./plan.ts";

export type Language = "JSONPath" | "JSONata";

/** What a state of the type may say, and, where it has any, its rules and Catchers. */
export interface Arbitraries {
  readonly state: fc.Arbitrary<StatePlan["state"]>;
  readonly rule: fc.Arbitrary<Omit<Rule, "Next">>;
  readonly catcher: fc.Arbitrary<Omit<Catcher, "Next">>;
}

/** One of the first most of the time, of the others seldom. */
function mostly<T>(usual: readonly T[], seldom: readonly T[]): fc.Arbitrary<T> {
  return fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom(...usual) },
    { weight: 1, arbitrary: fc.constantFrom(...seldom) },
  );
}

type Parts = { readonly [field: string]: fc.Arbitrary<unknown> };

/** Each field now and then; none is tried first when a machine is shrunk. */
function optional(parts: Parts): fc.Arbitrary<object> {
  const options = Object.entries(parts).map(([field, value]) =>
    fc.oneof(
      { weight: 3, arbitrary: fc.constant({}) },
      { weight: 1, arbitrary: value.map((made) => ({ [field]: made })) },
    ),
  );
  return fc.tuple(...options).map((found) => Object.assign({}, ...found) as object);
}

function stateOf(...parts: readonly fc.Arbitrary<object>[]): Arbitraries["state"] {
  return fc.tuple(...parts).map((found) => Object.assign({}, ...found) as StatePlan["state"]);
}

const count = fc.integer({ min: 0, max: 3 });

export const outcome: fc.Arbitrary<PlannedOutcome> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      output: fc.oneof(
        fc.record({ n: count, s: fc.constant("done"), items: fc.array(count, { maxLength: 3 }) }),
        count,
      ),
      isSlow: mostly([false], [true]),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record(
      {
        failed: fc.constant(true as const),
        error: fc.constantFrom(
          "Busy",
          "Gone",
          "States.TaskFailed",
          "States.Timeout",
          "States.Runtime",
        ),
        cause: fc.constantFrom("because", ""),
        isSlow: mostly([false], [true]),
      },
      { requiredKeys: ["failed", "isSlow"] },
    ),
  },
);

const errorEquals = fc.oneof(
  fc.constant(["States.ALL"]),
  fc.uniqueArray(
    fc.constantFrom(
      "Busy",
      "Gone",
      "Oops",
      "States.TaskFailed",
      "States.Timeout",
      "States.HeartbeatTimeout",
      "States.Runtime",
      "States.IntrinsicFailure",
      "States.QueryEvaluationError",
      "States.ExceedToleratedFailureThreshold",
      "States.ResultPathMatchFailure",
      "States.NoChoiceMatched",
    ),
    { minLength: 1, maxLength: 3 },
  ),
);

const retrier: fc.Arbitrary<Retrier> = fc
  .tuple(
    errorEquals,
    optional({
      IntervalSeconds: fc.constant(2),
      MaxAttempts: fc.integer({ min: 0, max: 2 }),
      BackoffRate: fc.constantFrom(1, 1.5, 3),
      MaxDelaySeconds: fc.constant(3),
      JitterStrategy: fc.constantFrom("FULL", "NONE"),
    }),
  )
  .map(([ErrorEquals, more]) => ({ ErrorEquals, ...more }));

const retry = fc.array(retrier, { minLength: 1, maxLength: 2 }).map(upToStatesAll);

const usualPaths = ["$.n", "$.s", "$.b", "$.z", "$.items", "$.o", "$.o.n", "$['o']['s']", "$"];
const lists = [
  "$.items[*]",
  "$.items[0:2]",
  "$.items[?(@.n >= 2)]",
  "$.items[?(@.n == 1)]",
  "$.items[*].n",
  "$..n",
  "$.o.*",
];
const others = [
  "$.items[0]",
  "$.items[-1]",
  "$.items.length()",
  "$$.State.Name",
  "$$.Execution.Input.n",
  "$v",
  "$w.n",
  "$own",
];
const bold = [
  "$.missing",
  "$.n.deep",
  "$$.Map.Item.Index",
  "$$.Map.Item.Value",
  "$$.State.RetryCount",
  "$$.Map.Item.Value.n",
];
const path = mostly([...usualPaths, ...usualPaths, ...lists, ...others], bold);
const numberPath = mostly(["$.n", "$.o.n", "$v", "$w.n"], ["$.s", "$.missing", "$.items.length()"]);

/** A call, perhaps with calls inside. */
const intrinsic: fc.Arbitrary<string> = fc.letrec<{ call: string; argument: string; list: string }>(
  (tie) => ({
    argument: fc.oneof(
      { maxDepth: 2 },
      { weight: 3, arbitrary: path },
      { weight: 1, arbitrary: fc.constantFrom("'text'", "1", "-2", "true", "null") },
      { weight: 1, arbitrary: tie("call") },
    ),
    list: fc.oneof(
      { maxDepth: 2 },
      fc.constantFrom("$.items", "$.items[*].n", "$..n"),
      tie("call"),
    ),
    call: fc.oneof(
      tie("argument").map((a) => `States.Format('{} is {}', $.s, ${a})`),
      fc.tuple(tie("argument"), tie("argument")).map(([a, b]) => `States.Array(${a}, ${b})`),
      tie("list").map((list) => `States.ArrayLength(${list})`),
      fc
        .tuple(tie("list"), fc.constantFrom("0", "1", "$.n"))
        .map(([list, at]) => `States.ArrayGetItem(${list}, ${at})`),
      fc
        .tuple(tie("list"), tie("argument"))
        .map(([list, a]) => `States.ArrayContains(${list}, ${a})`),
      fc
        .tuple(tie("list"), fc.constantFrom("1", "2", "$.n"))
        .map(([list, size]) => `States.ArrayPartition(${list}, ${size})`),
      fc.tuple(numberPath, numberPath).map(([from, to]) => `States.ArrayRange(${from}, ${to}, 1)`),
      tie("list").map((list) => `States.ArrayUnique(${list})`),
      tie("argument").map((a) => `States.MathAdd(${a}, -1)`),
      tie("argument").map((a) => `States.StringSplit(${a}, ',')`),
      tie("argument").map((a) => `States.JsonMerge($.o, ${a}, false)`),
      tie("argument").map((a) => `States.Base64Encode(${a})`),
      fc.constant("States.JsonToString($.o)"),
    ),
  }),
).call;

const value = fc.oneof({ weight: 3, arbitrary: path }, { weight: 1, arbitrary: intrinsic });

/** The shape of the input again, so that later states find something, and one thing more. */
const template: fc.Arbitrary<Json> = fc.oneof(
  value.map((found) => ({
    "n.$": "$.n",
    "s.$": "$.s",
    "items.$": "$.items",
    "o.$": "$.o",
    made: { "x.$": found },
  })),
  value.map((found) => ({ "x.$": found, list: [{ "y.$": "$" }, 1] })),
);

const selector: fc.Arbitrary<Json> = value.map((x) => ({
  n: 1,
  s: "sel",
  items: [1, 2],
  o: { n: 2 },
  "x.$": x,
}));

const assign: fc.Arbitrary<object> = fc.oneof(
  value.map((found) => ({ "v.$": found })),
  value.map((found) => ({ "own.$": found, w: { n: 7 } })),
);

const resultPath = mostly<string | null>(
  ["$.r", "$.r", "$.o.r", null],
  ["$.items[0]", "$.n.deep", "$"],
);

const inOut: Parts = {
  InputPath: mostly<string | null>(["$", "$", "$.o"], ["$.items", "$.missing", null]),
  OutputPath: mostly<string | null>(["$", "$", "$.o"], ["$.items[*]", "$.missing", null]),
};

const orders = ["Equals", "LessThan", "LessThanEquals", "GreaterThan", "GreaterThanEquals"];
const stringPath = mostly(["$.s", "$.o.s", "$.x"], ["$.n", "$.missing"]);

/** A path, an operator, and what it compares with; of types that fit, most of the time. */
const comparison: fc.Arbitrary<Omit<Rule, "Next">> = fc
  .oneof(
    fc.tuple(numberPath, fc.constantFrom(...orders.map((order) => `Numeric${order}`)), count),
    fc.tuple(
      numberPath,
      fc.constantFrom(...orders.map((order) => `Numeric${order}Path`)),
      numberPath,
    ),
    fc.tuple(
      stringPath,
      fc.constantFrom(...orders.map((order) => `String${order}`)),
      fc.constantFrom("a", "b,c", "in"),
    ),
    fc.tuple(stringPath, fc.constantFrom(...orders.map((order) => `String${order}Path`)), path),
    fc.tuple(
      stringPath,
      fc.constant("StringMatches"),
      fc.constantFrom("*", "a*", "*,*", "b*c", "A-*.*t"),
    ),
    fc.tuple(fc.constantFrom("$.b", "$.n"), fc.constant("BooleanEquals"), fc.boolean()),
    fc.tuple(
      path,
      fc.constantFrom("IsPresent", "IsNull", "IsString", "IsNumeric", "IsBoolean"),
      fc.boolean(),
    ),
  )
  .map(([Variable, operator, operand]) => ({ Variable, [operator]: operand }));

const condition: fc.Arbitrary<Omit<Rule, "Next">> = fc.letrec<{ rule: Omit<Rule, "Next"> }>(
  (tie) => ({
    rule: fc.oneof(
      { maxDepth: 2 },
      { weight: 4, arbitrary: comparison },
      {
        weight: 1,
        arbitrary: fc.array(tie("rule"), { minLength: 1, maxLength: 2 }).map((And) => ({ And })),
      },
      {
        weight: 1,
        arbitrary: fc.array(tie("rule"), { minLength: 1, maxLength: 2 }).map((Or) => ({ Or })),
      },
      { weight: 1, arbitrary: tie("rule").map((Not) => ({ Not })) },
    ),
  }),
).rule;

const ruleWithAssign = fc
  .tuple(condition, optional({ Assign: assign }))
  .map(([rule, more]) => ({ ...rule, ...more }));

export function jsonPathState(type: State["Type"]): Arbitraries {
  const rest = jsonPathFields[type]();
  return {
    state: stateOf(fc.constant({ Type: type }), rest),
    rule: ruleWithAssign,
    catcher: fc
      .tuple(errorEquals, optional({ ResultPath: resultPath, Assign: assign }))
      .map(([ErrorEquals, more]) => ({ ErrorEquals, ...more })),
  };
}

const kept: fc.Arbitrary<object> = fc.oneof(
  { weight: 3, arbitrary: resultPath.map((ResultPath) => ({ ResultPath })) },
  { weight: 1, arbitrary: fc.constant({}) },
);

function either<Name extends string>(
  name: Name,
  number: fc.Arbitrary<number>,
): fc.Arbitrary<object> {
  return fc.oneof(
    { weight: 4, arbitrary: number.map((found) => ({ [name]: found })) },
    { weight: 1, arbitrary: numberPath.map((found) => ({ [`${name}Path`]: found })) },
  );
}

const timeouts = fc.oneof(
  { weight: 3, arbitrary: fc.constant({}) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      { TimeoutSeconds: 3 },
      { TimeoutSeconds: 4, HeartbeatSeconds: 2 },
      { HeartbeatSeconds: 2 },
    ),
  },
  { weight: 1, arbitrary: numberPath.map((TimeoutSecondsPath) => ({ TimeoutSecondsPath })) },
);

const result = optional({ ResultSelector: template, Assign: assign, Retry: retry, ...inOut });

const jsonPathFields: Record<State["Type"], () => fc.Arbitrary<object>> = {
  Pass: () =>
    stateOf(kept, optional({ Parameters: template, Result: template, Assign: assign, ...inOut })),
  Task: () =>
    stateOf(
      fc.constant({ Resource: "work" }),
      kept,
      timeouts,
      optional({ Parameters: template }),
      result,
    ),
  Choice: () => optional({ Assign: assign, ...inOut }),
  Wait: () => stateOf(either("Seconds", count), optional({ Assign: assign, ...inOut })),
  Succeed: () => optional(inOut),
  Fail: () =>
    fc.oneof(
      fc.constant({}),
      fc.constantFrom(
        { Error: "Oops", Cause: "it failed" },
        { Error: "Busy" },
        { Cause: "no name" },
      ),
      fc.tuple(value, value).map(([ErrorPath, CausePath]) => ({ ErrorPath, CausePath })),
    ),
  Parallel: () => stateOf(kept, optional({ Parameters: template }), result),
  Map: () =>
    stateOf(
      mostly(
        [{ ItemsPath: "$.items" }],
        [{ ItemsPath: "$.items[*]" }, { ItemsPath: "$.n" }, {}],
      ).map((found) => found as object),
      kept,
      fc.oneof(
        selector.map((ItemSelector) => ({ ItemSelector })),
        fc.constant({}),
      ),
      fc.oneof({ weight: 2, arbitrary: fc.constant({}) }, either("MaxConcurrency", count)),
      optional({
        ToleratedFailureCount: count,
        ToleratedFailurePercentage: fc.constantFrom(0, 30, 60),
      }),
      result,
    ),
};

const queries = [
  "$states.input",
  "$states.input.n",
  "$states.input.s & '!'",
  "$states.input.items[0]",
  "$states.input.items[$type($) = 'number']",
  "$sum($states.input.items.n) ",
  "$count($states.input.items)",
  "$states.context.State.Name",
  "$states.context.Execution.Input.o",
  "$v",
  "$w.n",
  "$states.input.n > 1 ? 'many' : 'few'",
  "$map([1..3], function($x) { $x * $x })",
  "$merge([$states.input, {'r': 1}])",
  "[1, 2].{'n': $}",
  "$keys($states.input)",
  "$join($states.input.items.s, '-')",
];
const boldQueries = [
  "$states.input.missing",
  "$states.context.Map.Item.Value",
  "$states.context.Map.Item.Index",
  "$states.input.n + 'x'",
  "$own",
  "$nothing()",
];
const query = mostly(queries, boldQueries).map((text) => `{% ${text} %}`);
const numberQuery = mostly(
  ["$states.input.n", "$count($states.input.items)", "1 + 1", "$v"],
  ["$states.input.s", "-1", "1.5", "$states.input.missing"],
).map((text) => `{% ${text} %}`);
const booleanQuery = mostly(
  [
    "$states.input.n > 1",
    "$exists($states.input.items)",
    "$states.input.b",
    "$v = 1",
    "$states.input.s in ['a', 'b']",
  ],
  ["$states.input.n", "$states.input.missing"],
).map((text) => `{% ${text} %}`);

const queriedTemplate: fc.Arbitrary<Json> = fc.oneof(
  fc.constant("{% $merge([$states.input, {'r': $exists($states.result) ? $states.result : 0}]) %}"),
  query.map((x) => ({ n: 1, s: "q", items: "{% $states.input.items %}", o: { n: 3 }, x })),
  query,
  fc.constant("{% $states.result %}"),
);
const queriedAssign = fc.oneof(
  query.map((v) => ({ v })),
  query.map((own) => ({ own, w: { n: 8 } })),
);
const leaving: Parts = { Output: queriedTemplate, Assign: queriedAssign };

export function jsonataState(type: State["Type"]): Arbitraries {
  const seen = fc.oneof(
    queriedTemplate,
    fc.constant({ caught: "{% $states.errorOutput %}", n: 1, items: [] as Json }),
  );
  return {
    state: stateOf(fc.constant({ Type: type }), jsonataFields[type]),
    rule: fc
      .tuple(fc.oneof(booleanQuery, fc.boolean()), optional(leaving))
      .map(([Condition, more]) => ({ Condition, ...more })),
    catcher: fc
      .tuple(errorEquals, optional({ Output: seen, Assign: queriedAssign }))
      .map(([ErrorEquals, more]) => ({ ErrorEquals, ...more })),
  };
}

const queriedCount = fc.oneof<fc.Arbitrary<number | string>[]>(count, numberQuery);

const jsonataFields: Record<State["Type"], fc.Arbitrary<object>> = {
  Pass: optional(leaving),
  Task: stateOf(
    fc.constant({ Resource: "work" }),
    optional({
      Arguments: queriedTemplate,
      TimeoutSeconds: fc.oneof<fc.Arbitrary<number | string>[]>(fc.constant(3), numberQuery),
      Retry: retry,
      ...leaving,
    }),
  ),
  Choice: optional(leaving),
  Wait: stateOf(
    queriedCount.map((Seconds) => ({ Seconds })),
    optional(leaving),
  ),
  Succeed: optional({ Output: queriedTemplate }),
  Fail: optional({
    Error: fc.constantFrom("Oops", "{% $states.input.s %}", "{% $states.input.n %}"),
    Cause: fc.constantFrom("why", "{% 'n is ' & $states.input.n %}"),
  }),
  Parallel: optional({ Arguments: queriedTemplate, Retry: retry, ...leaving }),
  Map: stateOf(
    mostly(
      [{ Items: "{% $states.input.items %}" }],
      [{ Items: [1, "{% $states.input.n %}"] }, { Items: "{% $states.input.n %}" }, {}],
    ).map((found) => found as object),
    optional({
      ItemSelector: queriedTemplate,
      MaxConcurrency: queriedCount,
      ToleratedFailureCount: queriedCount,
      ToleratedFailurePercentage: fc.constantFrom(0, 50),
      Retry: retry,
      ...leaving,
    }),
  ),
};
