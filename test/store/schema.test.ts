import { afterAll, beforeAll, expect, test } from "vitest";
import type { Store } from "../../server/store/open-store.ts";
import { createTestStore } from "../support/database.ts";

let store: Store;
beforeAll(async () => {
  store = await createTestStore();
});
afterAll(() => store.close());

test("the entities are the migrated database, column by column and index by index", async () => {
  const difference = await store.orm.schema.getUpdateSchemaSQL({ wrap: false });
  // The table of migrations is the Migrator's own; the generator would drop what it does not know.
  // Triggers are the migrations' alone: test/engine/records.test.ts has what they do.
  const ours = difference
    .split("\n")
    .filter((line) => line !== "" && !/pawl_migrations|^drop (trigger|function)/.test(line));
  expect(ours).toEqual([]);
});

test("every table has an entity", async () => {
  const { rows } = await store.pool.query<{ name: string }>(
    "select tablename as name from pg_tables where schemaname = 'public' order by 1",
  );
  const known = [...store.orm.getMetadata().getAll().values()].map(({ tableName }) => tableName);
  expect(rows.map(({ name }) => name).filter((name) => name !== "pawl_migrations")).toEqual(
    known.toSorted(),
  );
});

test("the lists' indexes run newest first", async () => {
  const { rows } = await store.pool.query<{ name: string; columns: string }>(
    `select indexname as name, substring(indexdef from '\\((.*)\\)') as columns from pg_indexes
     where indexname in ('executions_by_machine', 'executions_by_start') order by 1`,
  );
  expect(rows).toEqual([
    { name: "executions_by_machine", columns: "state_machine_id, started_at DESC, id DESC" },
    { name: "executions_by_start", columns: "started_at DESC, id DESC" },
  ]);
});
