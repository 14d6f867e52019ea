import type { Config } from "../../config.ts";
import type { Engine } from "../../engine/engine.ts";
import { readInput, type InputOf, type JsonRecord, type Shape } from "./shape.ts";

/** One operation of the AWS API. */
export interface Operation {
  /** What its input may look like. */
  readonly shape: Shape;
  /** Checks the request, calls the engine, answers the response's fields. */
  readonly run: (body: JsonRecord, call: Call) => Promise<object>;
}

/** What an operation may use besides its input. */
export interface Call {
  readonly engine: Engine;
  readonly config: Config;
  /** Aborts when the client has gone. */
  readonly signal: AbortSignal;
  /** Aborts when nothing is worth waiting for: the client has gone, or the server goes away. */
  readonly pollSignal: AbortSignal;
  readonly requestId: string;
  readonly remoteAddress: string;
}

export type Operations = Readonly<Record<string, Operation>>;

/** An operation whose input is checked against `shape` before `run` sees it. */
export function operation<S extends Shape>(
  shape: S,
  run: (input: InputOf<S>, call: Call) => Promise<object>,
): Operation {
  return { shape, run: async (body, call) => run(readInput(shape, body), call) };
}

/** AWS timestamps: seconds since the epoch with milliseconds as fraction. */
export const epochSeconds = (ms: number) => ms / 1_000;
