/**
 * Commits many turns in one statement: the group commit.
 *
 * One statement is one implicit transaction and one round trip. Each execution in it stands for
 * itself: `rev` guards its update (a turn computed from a stale cache changes nothing), a start is
 * guarded by the primary key and by its machine's present revision (or, through a version or an alias,
 * by its machine's routing id; a child of a Map Run by that being open), and every other row is written
 * only for executions that passed (`done`). What is returned is what was committed.
 *
 * Sections that a batch does not need are left out of the text; each combination is prepared once.
 * Rows travel as one binary array a column.
 */
import type { TurnWrites } from "../turn-writes.ts";
import { binaryArray } from "./binary-array.ts";
import { sections, writers, type Section } from "./commit-sections.ts";

export interface CommitStatement {
  readonly name: string;
  readonly text: string;
  readonly values: readonly (string | Buffer)[];
}

/** @param serverId becomes the owner of every execution in the batch. */
export function commitTurnsStatement(
  batch: readonly TurnWrites[],
  serverId: string,
): CommitStatement {
  const present = sections
    .map((section) => ({ section, rows: batch.flatMap((writes) => section.rows(writes)) }))
    .filter(({ rows }) => rows.length > 0);
  const key = present.map(({ section }) => section.key).join("");
  let text = texts.get(key);
  if (text === undefined) {
    text = commitText(present.map(({ section }) => section));
    texts.set(key, text);
  }
  const columns = present.flatMap(({ section, rows }) =>
    Object.values(section.columns).map((type, at) =>
      binaryArray(
        type,
        rows.map((row) => row[at]),
      ),
    ),
  );
  return { name: `commit-turns-${key}`, text, values: [serverId, ...columns] };
}

const texts = new Map<string, string>();

function commitText(present: readonly Section[]): string {
  let parameter = 1;
  const texted = present.map(({ key, columns, sql }) => {
    const arrays = Object.values(columns).map((type) => `$${(parameter += 1)}::${type}[]`);
    const names = Object.keys(columns).join(", ");
    return { key, text: sql(`unnest(${arrays.join(", ")}) as ${key}(${names})`) };
  });
  const isWriter = ({ key }: { readonly key: string }): boolean => key in writers;
  const done = texted.filter(isWriter).map(({ key }) => `select id from ${writers[key]}`);
  const parts = [
    ...texted.filter(isWriter).map(({ text }) => text),
    `done as (${done.join(" union all ")})`,
    ...texted.filter((part) => !isWriter(part)).map(({ text }) => text),
  ];
  return `with server as (select $1::uuid as id),
${parts.join(",\n")}
select id, extract(epoch from clock_timestamp()) * 1000 as "nowMs" from done`;
}
