/** What the tests use of the package, which has no types of its own. */
declare module "step-function-worker" {
  import type { EventEmitter } from "node:events";

  type Report = (error: Error | null, output?: unknown) => void;

  export default class StepFunctionWorker extends EventEmitter {
    constructor(options: {
      readonly activityArn: string;
      readonly workerName: string;
      readonly concurrency: number;
      readonly fn: (input: never, report: Report, heartbeat: () => void) => void;
      readonly logger: Readonly<Record<"debug" | "info" | "warn" | "error", () => void>>;
      readonly awsConfig: object;
    });
    close(done: () => void): void;
  }
}
