import type { Operations } from "../operation.ts";
import { activityOperations } from "./activities.ts";
import { aliasOperations } from "./aliases.ts";
import { executionOperations } from "./executions.ts";
import { historyOperations } from "./history.ts";
import { mapRunOperations } from "./map-runs.ts";
import { stateMachineOperations } from "./state-machines.ts";
import { startOperations } from "./start.ts";
import { tagOperations } from "./tags.ts";
import { taskOperations } from "./tasks.ts";
import { testOperations } from "./test-state.ts";
import { validationOperations } from "./validation.ts";
import { versionOperations } from "./versions.ts";

/** All 37 operations of the API by name, as the `X-Amz-Target` header names them. */
export const operations: Operations = {
  ...stateMachineOperations,
  ...versionOperations,
  ...aliasOperations,
  ...tagOperations,
  ...validationOperations,
  ...testOperations,
  ...startOperations,
  ...executionOperations,
  ...historyOperations,
  ...mapRunOperations,
  ...activityOperations,
  ...taskOperations,
};
