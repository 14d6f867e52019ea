import type { Driver, Sent } from "./driver.ts";
import type { DriverExecution } from "./protocol.ts";

/** A client of a scenario. */
export class StagedClient {
  readonly #driver: Driver;
  readonly #name: string;

  constructor(driver: Driver, name: string) {
    this.#driver = driver;
    this.#name = name;
  }

  /** @throws DriverError as the SDK refuses */
  call<Method extends keyof Results>(
    method: Method,
    args: object,
    options: CallOptions = {},
  ): Sent<Results[Method]> {
    const { timeoutMs: callTimeoutMs, onNext } = options;
    return this.#driver.send<Results[Method]>(
      {
        op: "client.call",
        client: this.#name,
        method,
        args: { ...args },
        ...(callTimeoutMs !== undefined && { callTimeoutMs }),
      },
      onNext as ((value: object) => void) | undefined,
    );
  }
}

interface CallOptions {
  readonly timeoutMs?: number;
  readonly onNext?: (update: Update) => void;
}

/** What a watch streams. */
export interface Update {
  readonly type: "snapshot" | "event" | "closed" | "item" | "batch";
  readonly eventId?: number;
  readonly eventType?: string;
  readonly status?: string;
  readonly index?: number;
}

/** What each method answers. */
interface Results {
  readonly applyStateMachine: object;
  readonly startExecution: { readonly execution: DriverExecution; readonly created: boolean };
  readonly startExecutions: { readonly outcomes: readonly StartOutcome[] };
  readonly runExecution: { readonly execution: DriverExecution };
  readonly getExecution: { readonly execution: DriverExecution };
  readonly waitForExecution: { readonly execution: DriverExecution };
  readonly listExecutions: { readonly names: readonly string[] };
  readonly watchExecution: object;
  readonly stopExecution: { readonly execution: DriverExecution };
  readonly redriveExecution: { readonly execution: DriverExecution };
  readonly sendMessage: { readonly executions: readonly string[]; readonly buffered: boolean };
  readonly createBatch: {
    readonly batch: { readonly id: string; readonly status: string; readonly counts: object };
  };
  readonly watchBatch: object;
  readonly listBatchItems: {
    readonly items: readonly {
      readonly index: number;
      readonly status: string;
      readonly output: string;
    }[];
  };
  readonly completeTask: object;
  readonly failTask: object;
  readonly heartbeatTask: object;
}

interface StartOutcome {
  readonly name?: string;
  readonly id?: string;
  readonly created?: boolean;
  readonly ended?: DriverExecution;
  readonly error?: { readonly code: string; readonly reason: string };
}
