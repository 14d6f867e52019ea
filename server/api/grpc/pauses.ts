import { create } from "@bufbuild/protobuf";
import type { Audit } from "../../asl/index.ts";
import { PayloadView } from "../../gen/pawl/v1/common_pb.ts";
import {
  PauseExecutionResponseSchema,
  ResumeExecutionResponseSchema,
  type ExecutionService,
  type PauseExecutionRequest,
  type ResumeExecutionRequest,
} from "../../gen/pawl/v1/execution_service_pb.ts";
import { executionOf } from "../convert/execution.ts";
import { auditCharactersMax } from "../limits.ts";
import type { Handlers, ServiceDeps } from "../service.ts";
import { Violations } from "../violations.ts";

type Rpcs = Pick<Handlers<typeof ExecutionService>, "pauseExecution" | "resumeExecution">;

/** Holding one execution up, and letting it go on. */
export function pauses({ engine }: ServiceDeps): Rpcs {
  return {
    pauseExecution: async (request) => {
      const execution = await engine.pauseExecution(request.execution, auditOf(request));
      return create(PauseExecutionResponseSchema, {
        execution: executionOf(execution, PayloadView.FULL),
      });
    },
    resumeExecution: async (request) => {
      const execution = await engine.resumeExecution(request.execution, auditOf(request));
      return create(ResumeExecutionResponseSchema, {
        execution: executionOf(execution, PayloadView.FULL),
      });
    },
  };
}

function auditOf(request: PauseExecutionRequest | ResumeExecutionRequest): Audit {
  const { execution, operator, reason } = request;
  const violations = new Violations();
  violations.required("execution", execution);
  violations.length("operator", operator, auditCharactersMax);
  violations.length("reason", reason, auditCharactersMax);
  violations.refuse();
  return { ...(operator !== "" && { operator }), ...(reason !== "" && { reason }) };
}
