import { defineEntity, p } from "@mikro-orm/core";

/** A branch of a Parallel or an item of a Map. The root is in the execution's row. */
export const ScopeSchema = defineEntity({
  name: "Scope",
  tableName: "scopes",
  properties: {
    executionId: p.uuid().primary(),
    scopeId: p.integer().primary(),
    state: p.text(),
  },
});

export class ScopeRow extends ScopeSchema.class {}
ScopeSchema.setClass(ScopeRow);
