import type { Operations } from "../operation.ts";
import { activityOperations } from "./activities.ts";
import { executionOperations } from "./executions.ts";
import { historyOperations } from "./history.ts";
import { laterOperations } from "./later.ts";
import { stateMachineOperations } from "./state-machines.ts";
import { startOperations } from "./start.ts";
import { taskOperations } from "./tasks.ts";
import { validationOperations } from "./validation.ts";

/** All 37 operations of the API by name, as the `X-Amz-Target` header names them. */
export const operations: Operations = {
  ...stateMachineOperations,
  ...validationOperations,
  ...startOperations,
  ...executionOperations,
  ...historyOperations,
  ...activityOperations,
  ...taskOperations,
  ...laterOperations,
};
