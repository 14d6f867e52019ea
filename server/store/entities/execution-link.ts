import { defineEntity, p } from "@mikro-orm/core";

/** Whose output became whose input. Written with the start of the target. */
export const ExecutionLinkSchema = defineEntity({
  name: "ExecutionLink",
  tableName: "execution_links",
  indexes: [
    // As text: see ExecutionSchema.
    {
      name: "execution_links_by_source",
      expression:
        'create index "execution_links_by_source" on "execution_links" ("source_execution_id", "created_at" desc, "target_execution_id" desc)',
    },
    {
      name: "execution_links_by_creation",
      expression:
        'create index "execution_links_by_creation" on "execution_links" ("created_at" desc, "target_execution_id" desc)',
    },
    {
      name: "execution_links_by_source_machine",
      expression:
        'create index "execution_links_by_source_machine" on "execution_links" ("source_state_machine_name", "created_at" desc, "target_execution_id" desc)',
    },
    {
      name: "execution_links_by_target_machine",
      expression:
        'create index "execution_links_by_target_machine" on "execution_links" ("target_state_machine_name", "created_at" desc, "target_execution_id" desc)',
    },
    {
      name: "execution_links_by_transformer",
      expression:
        'create index "execution_links_by_transformer" on "execution_links" ("transformer", "created_at" desc, "target_execution_id" desc) where "transformer" <> \'\'',
    },
    {
      name: "execution_links_by_source_state",
      expression:
        'create index "execution_links_by_source_state" on "execution_links" ("source_state", "created_at" desc, "target_execution_id" desc) where "source_state" <> \'\'',
    },
  ],
  uniques: [{ name: "execution_links_unique", properties: ["linkKey"], where: "is_unique" }],
  properties: {
    targetExecutionId: p.uuid().primary(),
    targetStateMachineName: p.text(),
    sourceExecutionId: p.uuid(),
    sourceStateMachineName: p.text(),
    /** Empty: the execution's output. */
    sourceState: p.text(),
    /** Empty: none. */
    transformer: p.text(),
    /** Source, state, transformer and target machine as one UUID (engine/chains.ts). */
    linkKey: p.uuid(),
    isUnique: p.boolean(),
    createdAt: p.datetime().columnType("timestamptz"),
  },
});

export class ExecutionLinkRow extends ExecutionLinkSchema.class {}
ExecutionLinkSchema.setClass(ExecutionLinkRow);
