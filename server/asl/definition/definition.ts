/**
 * A compiled definition: what `compile` makes of a valid ASL text, once per revision.
 *
 * Everything that can be decided before an execution runs is decided here: paths are parsed, payload
 * templates and Choice rules are functions, resources are classified. Frozen; shared by executions.
 */
import type { Json, JsonObject } from "../json.ts";
import type { Turn } from "../turn.ts";

export type QueryLanguage = "JSONPath" | "JSONata";

/** A machine, a Parallel branch or an item processor: somewhere a thread of control can run. */
export interface Body {
  readonly startAt: string;
  readonly states: ReadonlyMap<string, State>;
}

/** A whole state machine. */
export interface Definition extends Body {
  readonly comment?: string;
  readonly version?: string;
  readonly timeoutSeconds?: number;
  readonly queryLanguage: QueryLanguage;
}

/** What an expression sees. */
export interface Evaluation {
  /** `$` in JSONPath. */
  readonly input: Json;
  /** `$$`: built when first asked for. */
  readonly context: () => Json;
  /** `$name`: variables assigned so far. */
  readonly variables: ReadonlyMap<string, Json>;
  /** `$states.result` in JSONata: where the state has a result. */
  readonly result?: (() => Json) | undefined;
  /** `$states.errorOutput` in JSONata: in a Catcher. */
  readonly errorOutput?: Json | undefined;
  readonly turn: Turn;
}

/**
 * Anything that yields JSON at run time: a path, a payload template, an intrinsic function, JSONata.
 * A promise only from JSONata; callers await.
 */
export interface Expression {
  /** The text as written, for error causes. */
  readonly text: string;
  /** @throws StatesError */
  evaluate(evaluation: Evaluation): Json | Promise<Json>;
}

/** ASL § Reference Paths: a path to one place, where a value can be put. */
export interface ReferencePath {
  readonly text: string;
  /**
   * `document` with `value` at this place; missing objects on the way are made. Copies what it changes.
   * @throws StatesError States.ResultPathMatchFailure where the place can not exist.
   */
  put(document: Json, value: Json): Json;
}

/** A value written in the definition, or one to look up or to reckon at run time. */
export type Setting<T> =
  | { readonly value: T }
  | { readonly path: Expression }
  /** JSONata: gives a value of the right type or throws. */
  | { readonly query: Expression };

export type State =
  | ChoiceState
  | FailState
  | MapState
  | MessageState
  | ParallelState
  | PassState
  | SucceedState
  | TaskState
  | WaitState;

export interface StateBase {
  readonly name: string;
  readonly comment?: string;
  readonly queryLanguage: QueryLanguage;
  /** Absent: `$`. "null" in the definition: `"discard"`, the value is `{}`. */
  readonly inputPath?: Expression | "discard";
  readonly outputPath?: Expression | "discard";
  /** ASL § Assign: gives an object of variables; evaluated when the state is left. */
  readonly assign?: Expression;
  /** ASL § Output, of JSONata states. */
  readonly output?: Expression;
  /** Variables that the state's expressions refer to, sorted; absent if there are none. */
  readonly variableReferences?: readonly string[];
}

/** Where a state goes when it is done; absent `next` is `"End": true`. */
export interface Transition {
  readonly next?: string;
}

/** ResultSelector and ResultPath. */
export interface ResultFields {
  readonly resultSelector?: Expression;
  /** Absent: `$` (the result replaces the input). "discard": null in the definition, the input is kept. */
  readonly resultPath?: ReferencePath | "discard";
}

export interface ErrorFields {
  readonly retry: readonly Retrier[];
  readonly catch: readonly Catcher[];
}

export interface PassState extends StateBase, Transition {
  readonly type: "Pass";
  readonly result?: Json;
  readonly parameters?: Expression;
  readonly resultPath?: ReferencePath | "discard";
}

export interface TaskState extends StateBase, Transition, ResultFields, ErrorFields {
  readonly type: "Task";
  readonly resource: TaskResource;
  /** Parameters; in JSONata, Arguments. */
  readonly parameters?: Expression;
  readonly timeoutSeconds?: Setting<number>;
  readonly heartbeatSeconds?: Setting<number>;
  readonly credentials?: Expression;
}

/**
 * A Task's Resource, sorted by how it is served and which history events it has.
 *
 * `queue` is the one name under which workers find the task, whatever spelling the definition uses
 * (docs: resource names). For `lambda:invoke` it is in the arguments (FunctionName), so absent here.
 */
export type TaskResource =
  | { readonly kind: "Lambda"; readonly text: string; readonly queue: string }
  | { readonly kind: "Activity"; readonly text: string; readonly queue: string }
  | {
      readonly kind: "Service";
      readonly text: string;
      /** `lambda`, `states`, `sqs`, `aws-sdk:dynamodb`, ... */
      readonly resourceType: string;
      /** With its pattern, as history shows it: `invoke`, `invoke.waitForTaskToken`. */
      readonly resource: string;
      readonly pattern: IntegrationPattern;
      readonly queue?: string;
    }
  /** Pawl's own: any other name, served by workers that register it. */
  | {
      readonly kind: "Worker";
      readonly text: string;
      readonly queue: string;
      readonly pattern: "RequestResponse" | "waitForTaskToken";
    };

/**
 * What a task waits for: the answer of what it calls; the end of the job that this began; or, after
 * the answer, a report under the task's token.
 */
export type IntegrationPattern = "RequestResponse" | "sync" | "sync:2" | "waitForTaskToken";

export interface ChoiceState extends StateBase {
  readonly type: "Choice";
  readonly rules: readonly ChoiceRule[];
  readonly defaultNext?: string;
}

/** Rules are compiled once; running one is a function call. */
export interface ChoiceRule {
  readonly next: string;
  readonly assign?: Expression;
  readonly output?: Expression;
  /** @throws StatesError States.Runtime when Variable names nothing. */
  test(evaluation: Evaluation): boolean | Promise<boolean>;
}

export interface WaitState extends StateBase, Transition {
  readonly type: "Wait";
  readonly until:
    | { readonly kind: "Seconds"; readonly seconds: Setting<number> }
    | { readonly kind: "Timestamp"; readonly timestamp: Setting<string> };
}

export interface SucceedState extends StateBase {
  readonly type: "Succeed";
}

export interface FailState extends StateBase {
  readonly type: "Fail";
  readonly error?: Setting<string>;
  readonly cause?: Setting<string>;
}

export interface ParallelState extends StateBase, Transition, ResultFields, ErrorFields {
  readonly type: "Parallel";
  readonly parameters?: Expression;
  readonly branches: readonly Body[];
}

export interface MapState extends StateBase, Transition, ResultFields, ErrorFields {
  readonly type: "Map";
  readonly itemsPath?: Expression;
  /** Items, of JSONata states. */
  readonly items?: Expression;
  /** ItemSelector (or the older Parameters): evaluated per item with `$$.Map.Item`. */
  readonly itemSelector?: Expression;
  readonly itemProcessor: Body;
  /** Absent: INLINE. */
  readonly distributed?: DistributedMap;
  readonly maxConcurrency?: Setting<number>;
  readonly toleratedFailureCount?: Setting<number>;
  readonly toleratedFailurePercentage?: Setting<number>;
}

/** Pawl's own: waits until a message with this key and value is sent. */
export interface MessageState extends StateBase, Transition, ResultFields, ErrorFields {
  readonly type: "Message";
  readonly correlationKey: Setting<string>;
  /** Absent: the effective input. */
  readonly correlationValue?: Expression;
  /** Absent or 0: it waits for ever. */
  readonly timeoutSeconds?: Setting<number>;
}

/** ASL § Map State, `ProcessorConfig.Mode` DISTRIBUTED: each item is an execution of its own. */
export interface DistributedMap {
  readonly executionType: "STANDARD" | "EXPRESS";
  /** The item processor as the machine that those executions run. */
  readonly machine: Definition;
  readonly label?: string;
  readonly itemReader?: ItemReader;
  readonly itemBatcher?: ItemBatcher;
  readonly resultWriter?: ResultWriter;
}

/** ASL § ItemReader: where the items come from instead of the input. */
export interface ItemReader {
  readonly resource: string;
  /** Parameters; in JSONata, Arguments. */
  readonly parameters?: Expression;
  /** ReaderConfig as it stands, but for MaxItems. */
  readonly config: JsonObject;
  readonly maxItems?: Setting<number>;
}

/** ASL § ItemBatcher. */
export interface ItemBatcher {
  readonly maxItemsPerBatch?: Setting<number>;
  readonly maxInputBytesPerBatch?: Setting<number>;
  readonly batchInput?: Expression;
}

/** ASL § ResultWriter. Without a resource the result stays the state's own, in the form that `config` says. */
export interface ResultWriter {
  readonly resource?: string;
  readonly parameters?: Expression;
  /** WriterConfig as it stands. */
  readonly config: JsonObject;
}

/** ASL § Retrying after error. Defaults filled in: 1 s, 3 attempts, rate 2, no cap, jitter NONE. */
export interface Retrier {
  readonly errorEquals: readonly string[];
  readonly intervalSeconds: number;
  readonly maxAttempts: number;
  readonly backoffRate: number;
  readonly maxDelaySeconds?: number;
  readonly jitterStrategy: "FULL" | "NONE";
}

/** ASL § Fallback states. */
export interface Catcher {
  readonly errorEquals: readonly string[];
  readonly next: string;
  readonly resultPath?: ReferencePath | "discard";
  readonly assign?: Expression;
  readonly output?: Expression;
}
