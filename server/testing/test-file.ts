/** A `*.test.yaml` file, as checked against its schema (test-file-schema.ts says what each field means). */
import type { ExecutionStatus, Json, JsonObject } from "../asl/index.ts";

export interface TestFile {
  /** Path, from the test file's folder. */
  readonly definition: string;
  readonly type?: "STANDARD" | "EXPRESS";
  readonly startTime?: string;
  readonly mocks?: MockTable;
  readonly cases: readonly TestCase[];
}

export interface TestCase {
  readonly name: string;
  readonly input?: Json;
  readonly inputFile?: string;
  readonly startAt?: string;
  readonly startTime?: string;
  readonly variables?: JsonObject;
  readonly context?: ContextOverrides;
  readonly mocks?: MockTable;
  readonly mockConfig?: MockConfigReference;
  readonly expect?: Expectation;
}

/** What the context object says in place of made up names. */
export interface ContextOverrides {
  readonly Execution?: { readonly Id?: string; readonly Name?: string; readonly RoleArn?: string };
  readonly StateMachine?: { readonly Id?: string; readonly Name?: string };
}

/** A test case of a file in the format of Step Functions Local. */
export interface MockConfigReference {
  readonly file: string;
  readonly stateMachine: string;
  readonly testCase: string;
}

/** By state name, path of a state, or resource: one answer for every call, or a list for one call after the other. */
export interface MockTable {
  readonly [key: string]: MockAnswer | readonly MockAnswer[];
}

/** Exactly one of `result`, `error`, `timeout` and `heartbeatTimeout`. */
export interface MockAnswer {
  readonly result?: Json;
  readonly error?: string;
  readonly cause?: string;
  readonly timeout?: true;
  readonly heartbeatTimeout?: true;
  readonly delaySeconds?: number;
  /** Calls that it answers, in a list; 1 unless given. */
  readonly times?: number;
  /** `result` is all that the resource answers, also where only a function's answer is asked for. */
  readonly isWhole?: boolean;
}

export interface Expectation {
  /** ANY: however it ends. */
  readonly status?: Exclude<ExecutionStatus, "RUNNING"> | "ANY";
  readonly output?: Json;
  readonly outputMatches?: Json;
  readonly error?: string;
  readonly cause?: string;
  readonly causeMatches?: string;
  readonly path?: readonly string[];
  readonly paths?: { readonly [within: string]: readonly string[] };
  readonly variables?: JsonObject;
  readonly durationSeconds?: number;
  readonly events?: { readonly [type: string]: number };
  readonly calls?: { readonly [key: string]: number | readonly Json[] };
}

/** `Array.isArray` for lists that are read-only. */
export function isList<T>(value: T | readonly T[]): value is readonly T[] {
  return Array.isArray(value);
}
