/** What the naive interpreter reads: ASL as the specification spells it. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: Json;
}

export interface Machine extends Body {
  readonly QueryLanguage?: "JSONata";
  readonly TimeoutSeconds?: number;
}

export interface Body {
  readonly StartAt: string;
  readonly States: { readonly [name: string]: State };
}

export interface State {
  readonly Type: "Pass" | "Choice" | "Wait" | "Succeed" | "Fail" | "Task" | "Parallel" | "Map";
  readonly QueryLanguage?: "JSONata";
  readonly Next?: string;
  readonly End?: true;
  readonly InputPath?: string | null;
  readonly OutputPath?: string | null;
  readonly ResultPath?: string | null;
  readonly Parameters?: Json;
  readonly ResultSelector?: Json;
  readonly Result?: Json;
  readonly Assign?: JsonObject;
  readonly Arguments?: Json;
  readonly Output?: Json;
  readonly Resource?: string;
  readonly TimeoutSeconds?: number | string;
  readonly TimeoutSecondsPath?: string;
  readonly HeartbeatSeconds?: number | string;
  readonly HeartbeatSecondsPath?: string;
  readonly Seconds?: number | string;
  readonly SecondsPath?: string;
  readonly Error?: string;
  readonly ErrorPath?: string;
  readonly Cause?: string;
  readonly CausePath?: string;
  readonly Choices?: readonly Rule[];
  readonly Default?: string;
  readonly Branches?: readonly Body[];
  readonly ItemProcessor?: Body;
  readonly ItemsPath?: string;
  readonly Items?: Json;
  readonly ItemSelector?: Json;
  readonly MaxConcurrency?: number | string;
  readonly MaxConcurrencyPath?: string;
  readonly ToleratedFailureCount?: number | string;
  readonly ToleratedFailurePercentage?: number | string;
  readonly Retry?: readonly Retrier[];
  readonly Catch?: readonly Catcher[];
}

export interface Rule {
  readonly Next?: string;
  readonly Condition?: boolean | string;
  readonly Assign?: JsonObject;
  readonly Output?: Json;
  readonly And?: readonly Rule[];
  readonly Or?: readonly Rule[];
  readonly Not?: Rule;
  readonly Variable?: string;
  readonly [operator: string]: unknown;
}

export interface Retrier {
  readonly ErrorEquals: readonly string[];
  readonly IntervalSeconds?: number;
  readonly MaxAttempts?: number;
  readonly BackoffRate?: number;
  readonly MaxDelaySeconds?: number;
  readonly JitterStrategy?: "FULL" | "NONE";
}

export interface Catcher {
  readonly ErrorEquals: readonly string[];
  readonly Next: string;
  readonly ResultPath?: string | null;
  readonly Assign?: JsonObject;
  readonly Output?: Json;
}
