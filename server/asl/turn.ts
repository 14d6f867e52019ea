import type { StateBase } from "./definition/definition.ts";
import type { Probe } from "./test-state/probe.ts";

/** What a turn is given from outside, so that it can be replayed: time, chance, limits, names. */
export interface Turn {
  /** Database time, milliseconds since the epoch. */
  readonly nowMs: number;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  /** A new UUID (version 4 text). */
  readonly newUuid: () => string;
  readonly limits: Limits;
  /** Whether an activity of this ARN exists; a task for one that does not fails. Absent: all exist. */
  readonly activityExists?: (activityArn: string) => boolean;
  /** The token under which anyone may report on a task; always the same for a task. Absent: there are none. */
  readonly taskToken?: (taskId: number) => string;
  readonly aws: AwsNames;
  /** Told of every state that is entered, and of the rule of it that is taken: `Choices/0`, `Default`, `Retry/1`, `Catch/0`. */
  readonly visited?: (state: StateBase, rule?: string) => void;
  /** Lets other executions run in the middle of a long evaluation. Absent: nobody else is waiting. */
  readonly pause?: (() => Promise<void>) | undefined;
  /** Only in TestState. */
  readonly probe?: Probe;
}

/** Bounds on what one execution may hold. */
export interface Limits {
  /** Bytes of UTF-8 that an input, output or result may have. */
  readonly payloadBytesMax: number;
  /** Events an execution's history may have; one more fails the execution. */
  readonly historyEventsMax: number;
  /** State transitions one turn takes before it lets other executions run. */
  readonly transitionsPerTurnMax: number;
}

/** The partition, region and account that ARNs are built from. */
export interface AwsNames {
  readonly region: string;
  readonly accountId: string;
}
