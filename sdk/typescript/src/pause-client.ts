import { create } from "@bufbuild/protobuf";
import { executionOf } from "./execution.ts";
import type { Execution } from "./execution.ts";
import * as executions from "./gen/pawl/v1/execution_service_pb.ts";
import { MapRunClient } from "./map-run-client.ts";
import type { PauseAction } from "./pause.ts";
import type { CallOptions } from "./transport.ts";

const { method } = executions.ExecutionService;

/** The calls that hold an execution up and let it go on. */
export class PauseClient extends MapRunClient {
  /**
   * Begins nothing new until it is resumed. What workers have goes on; how it ends is recorded, and what
   * follows from it waits. One that is paused stays as it is.
   *
   * @throws PawlError FAILED_PRECONDITION when it has closed
   */
  async pauseExecution(
    execution: string,
    action: PauseAction = {},
    options: CallOptions = {},
  ): Promise<Execution> {
    const request = create(executions.PauseExecutionRequestSchema, { execution, ...action });
    return given(await this.call(method.pauseExecution, request, options));
  }

  /**
   * Has a paused execution go on exactly where it stood; one that is not paused stays as it is.
   *
   * @throws PawlError FAILED_PRECONDITION when it has closed
   */
  async resumeExecution(
    execution: string,
    action: PauseAction = {},
    options: CallOptions = {},
  ): Promise<Execution> {
    const request = create(executions.ResumeExecutionRequestSchema, { execution, ...action });
    return given(await this.call(method.resumeExecution, request, options));
  }
}

function given({
  execution,
}: executions.PauseExecutionResponse | executions.ResumeExecutionResponse): Execution {
  if (execution === undefined) throw new TypeError("the server's answer has no execution");
  return executionOf(execution);
}
