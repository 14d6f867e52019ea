import type { Json, JsonObject } from "./machine.ts";

/** A state was entered, or a task offered. */
export interface Entry {
  /** `/States/` or `/States/Each[3]/`. */
  readonly branch: string;
  readonly what: string;
  readonly input: Json;
  readonly atMs: number;
  /** In the instant in which another branch ended it all. */
  readonly isMaybe?: boolean;
}

/** One thread of control, with its own clock. */
export interface Thread {
  readonly path: string;
  /** Its own, over those of the threads around it. */
  variables: JsonObject;
  nowMs: number;
  readonly trace: Entry[];
  readonly item?: Json;
  readonly run: Run;
}

/** What the whole execution shares. */
export interface Run {
  readonly input: Json;
  readonly isJsonata: boolean;
  readonly answer: (statePath: string, attempt: number, atMs: number) => Outcome;
}

/** What a worker does with a task, so long after it was offered. */
export type Outcome = { readonly afterMs: number } & (
  | { readonly output: Json }
  | { readonly failed: true; readonly error?: string; readonly cause?: string }
);
