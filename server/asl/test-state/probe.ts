/** How TestState looks into a state at work. Absent from every other turn. */
import type { JsonObject } from "../json.ts";
import type { Payload } from "../payload.ts";
import type { Failure } from "../states-error.ts";

export interface Probe {
  /** What `$$` is, but for the Map item. */
  readonly context: JsonObject;
  /** Told of what comes between a state's input and its output. The last word counts. */
  see(part: Partial<Observed>): void;
}

/** The data between the steps, by the names of AWS's InspectionData. */
export interface Observed {
  readonly afterArguments: Payload;
  readonly afterInputPath: Payload;
  readonly afterParameters: Payload;
  readonly result: Payload;
  readonly afterResultSelector: Payload;
  readonly afterResultPath: Payload;
  readonly afterItemsPath: Payload;
  readonly afterItemSelector: Payload;
  readonly afterItemBatcher: Payload;
  readonly afterItemsPointer: Payload;
  readonly maxConcurrency: number;
  readonly toleratedFailureCount: number;
  readonly toleratedFailurePercentage: number;
  /** Which Retrier or Catcher took the failure. */
  readonly errorDetails: ErrorDetails;
  /** Why the state failed, whatever became of it. */
  readonly failure: Failure;
}

/** Indexes count from 0. */
export type ErrorDetails =
  | { readonly catchIndex: number }
  | { readonly retryIndex: number; readonly retryBackoffIntervalSeconds: number };
