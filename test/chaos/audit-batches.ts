import type { Pool } from "pg";
import type { ToldBatch } from "./batch-load.ts";

/** Compares batches with what was told of them. Every line is a broken promise. */
export async function auditBatches(
  sql: Pool,
  told: readonly ToldBatch[],
): Promise<readonly string[]> {
  const problems: string[] = [];
  for (const batch of told) problems.push(...(await auditBatch(sql, batch)));
  const { rows } = await sql.query<{ name: string; status: string }>(
    "select name, status from batches where ended_at is null",
  );
  for (const { name, status } of rows) problems.push(`stuck: batch ${name} is still ${status}`);
  return problems;
}

interface ItemRow {
  readonly index: number;
  readonly status: string;
  /** Of its execution. */
  readonly name: string;
  readonly n: number;
  /** What its source put out, and where that stands in the order of the filter. */
  readonly sourceN: number | null;
  readonly sourceAt: number | null;
}

async function auditBatch(sql: Pool, batch: ToldBatch): Promise<readonly string[]> {
  const problems: string[] = [];
  const say = (problem: string): void => void problems.push(`batch ${batch.prefix}: ${problem}`);
  const { id, prefix, sources, total, ended } = batch;
  const items = await itemsOf(sql, id, sources);
  if (items.length !== total) say(`has ${items.length} items of ${total}`);
  for (const [at, { index, status, name, n, sourceN, sourceAt }] of items.entries()) {
    if (index !== at) say(`item ${index} stands at ${at}`);
    if (status !== "SUCCEEDED") say(`item ${index} is ${status}`);
    if (name !== `${prefix}-${index}`) say(`item ${index} has execution ${name}`);
    if (sources !== undefined && sourceAt !== index)
      say(`item ${index} has the source at ${sourceAt}`);
    const given = sources === undefined ? index : sourceN;
    if (given === null || n !== given + 3) say(`item ${index} was given ${given} and made ${n}`);
  }
  if (new Set(ended).size !== total || ended.length !== total)
    say(`${ended.length} ends were told, of ${new Set(ended).size} items`);
  const { rows } = await sql.query<{ started: number; links: number }>(
    `select count(*)::int as started, (select count(*)::int from execution_links l join executions t
         on t.id = l.target_execution_id where starts_with(t.name, $1)) as links
     from executions where starts_with(name, $1)`,
    [`${prefix}-`],
  );
  const { started, links } = rows[0]!;
  if (started !== total) say(`${started} executions were started`);
  if (links !== (sources === undefined ? 0 : total)) say(`${links} links were written`);
  return problems;
}

async function itemsOf(
  sql: Pool,
  batchId: string,
  sources: string | undefined,
): Promise<readonly ItemRow[]> {
  const { rows } = await sql.query<ItemRow>(
    `with sources as (
       select id, output, row_number() over (order by started_at desc, id desc)::int - 1 as at
       from executions where starts_with(name, $2)
     )
     select i.index, i.status, e.name, (e.output::json ->> 'n')::int as n,
       (s.output::json ->> 'n')::int as "sourceN", s.at as "sourceAt"
     from batch_items i left join executions e on e.id = i.execution_id
       left join execution_links l on l.target_execution_id = e.id and l.source_execution_id::text = i.value
       left join sources s on s.id = l.source_execution_id
     where i.batch_id = $1 order by i.index`,
    [batchId, `${sources ?? "none"}-`],
  );
  return rows;
}
