/** What a Map Run leaves: its children's outputs, as the state's result or, with a ResultWriter, as objects. */
import type pg from "pg";
import { StatesError, type WriterArguments } from "../../asl/index.ts";
import type { MapRunRecord } from "../../store/reads/map-runs.ts";
import { childResults, type ChildResult } from "../../store/sql/map-run-children.ts";
import type { ObjectStore } from "../../items/object-store.ts";
import type { ChildNames } from "./child-names.ts";
import type { ChildrenEnd } from "./run-children.ts";
import { transformed } from "./transformed.ts";
import { writeResults } from "./write-results.ts";

export interface ResultOptions {
  readonly sql: pg.Pool;
  readonly names: ChildNames;
  readonly run: MapRunRecord;
  readonly objects: ObjectStore;
  readonly bytesMax: number;
  readonly stateName: string;
}

/**
 * JSON text of the state's result.
 *
 * @throws StatesError States.DataLimitExceeded when it is too large for a state, States.ResultWriterFailed
 */
export async function mapRunResult(
  options: ResultOptions,
  writer: WriterArguments | undefined,
  end: ChildrenEnd,
): Promise<string> {
  const children = resultsOf(options);
  if (writer?.resource !== undefined) return await writeResults(options, writer, children);
  // The run has failed: nobody will look at its result.
  if (end === "Exceeded") return "[]";
  const texts: string[] = [];
  let bytes = 1;
  for await (const child of children) {
    if (child.status !== "SUCCEEDED") continue;
    for (const text of transformed(child, writer)) {
      texts.push(text);
      bytes += Buffer.byteLength(text) + 1;
    }
    if (bytes > options.bytesMax) throw tooLarge(options.stateName);
  }
  return `[${texts.join(",")}]`;
}

/** Children read together; their payloads are what memory is needed for. */
const pageSize = 100;

/** All that were started, in the order of their items. */
async function* resultsOf({ sql, names, run }: ResultOptions): AsyncGenerator<ChildResult> {
  for (let first = 0; ; first += pageSize) {
    const ids = Array.from({ length: pageSize }, (_, at) => names.of(first + at).id);
    const page = await childResults(sql, ids);
    yield* page;
    const isLast = run.childCount === null ? page.length === 0 : first + pageSize >= run.childCount;
    if (isLast) return;
  }
}

function tooLarge(stateName: string): StatesError {
  const cause = `The state/task '${stateName}' returned a result with a size exceeding the maximum number of bytes service limit.`;
  return new StatesError("States.DataLimitExceeded", cause);
}
