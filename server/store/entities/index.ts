import { ActivitySchema } from "./activity.ts";
import { AwaitedExecutionSchema } from "./awaited-execution.ts";
import { ExecutionLinkSchema } from "./execution-link.ts";
import { BatchItemSchema } from "./batch-item.ts";
import { BatchSchema } from "./batch.ts";
import { ExecutionSchema } from "./execution.ts";
import { ExecutionDayRollupSchema } from "./execution-day-rollup.ts";
import { ExecutionRollupChangeSchema } from "./execution-rollup-change.ts";
import { ExecutionRollupSchema } from "./execution-rollup.ts";
import { HistorySchema } from "./history.ts";
import { MessageSchema } from "./message.ts";
import { MessageWaitSchema } from "./message-wait.ts";
import { InboxSchema } from "./inbox.ts";
import { MapRunSchema } from "./map-run.ts";
import { ScopeSchema } from "./scope.ts";
import { ServerSchema } from "./server.ts";
import { SessionSchema } from "./session.ts";
import { SettingSchema } from "./setting.ts";
import { StateMachineAliasSchema } from "./state-machine-alias.ts";
import { StateMachineRevisionSchema } from "./state-machine-revision.ts";
import { StateMachineSchema } from "./state-machine.ts";
import { StateMachineVersionSchema } from "./state-machine-version.ts";
import { TaskSchema } from "./task.ts";
import { TimerSchema } from "./timer.ts";

/**
 * All tables. The control plane and the reads use them; the hot statements in store/sql are plain SQL
 * on the same tables. A test holds them equal to the migrated database.
 */
export const entities = [
  StateMachineSchema,
  StateMachineRevisionSchema,
  StateMachineVersionSchema,
  StateMachineAliasSchema,
  ActivitySchema,
  ExecutionSchema,
  ExecutionRollupSchema,
  ExecutionDayRollupSchema,
  ExecutionRollupChangeSchema,
  ExecutionLinkSchema,
  HistorySchema,
  ScopeSchema,
  MapRunSchema,
  AwaitedExecutionSchema,
  BatchSchema,
  BatchItemSchema,
  TaskSchema,
  TimerSchema,
  InboxSchema,
  MessageWaitSchema,
  MessageSchema,
  ServerSchema,
  SessionSchema,
  SettingSchema,
] as const;
