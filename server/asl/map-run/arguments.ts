/** What carries out a Map Run is given: all that the definition's expressions came to when the Map began. */
import type { Json, JsonObject } from "../json.ts";

/** Where Map Runs wait to be carried out: a queue that the server itself serves. */
export const mapRunQueue = "pawl:map-run";

/** The input of a Map Run's task. */
export interface MapRunArguments {
  readonly mapRunId: string;
  readonly mapRunArn: string;
  /** JSON pointer of the Map state, from the root of the definition that the parent execution runs. */
  readonly map: string;
  /** Of its MapStateEntered event. */
  readonly enteredEventId: number;
  /** What an ItemSelector sees. */
  readonly snapshot: Snapshot;
  /** Exactly one of these. */
  readonly items?: readonly Json[];
  readonly reader?: ReaderArguments;
  readonly batcher?: BatcherArguments;
  readonly writer?: WriterArguments;
}

/** The scope of the Map state when it began. */
export interface Snapshot {
  readonly input: Json;
  readonly context: Json;
  readonly variables: JsonObject;
}

export interface ReaderArguments {
  readonly resource: string;
  readonly parameters: Json;
  readonly config: JsonObject;
  readonly maxItems?: number;
}

export interface BatcherArguments {
  readonly maxItemsPerBatch?: number;
  readonly maxInputBytesPerBatch?: number;
  readonly batchInput?: Json;
}

export interface WriterArguments {
  readonly resource?: string;
  readonly parameters?: Json;
  readonly config: JsonObject;
}
