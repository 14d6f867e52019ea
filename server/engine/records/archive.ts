import { mkdir, open } from "node:fs/promises";
import { join } from "node:path";
import type { ArchivedRecord } from "../../store/sql/remove-executions.ts";

/**
 * Appends records to `<directory>/<state machine>/<day>.jsonl`; resolves when they are on the disk. After
 * a crash before their removal the same record may be there twice, under the same id.
 */
export async function archive(
  directory: string,
  records: readonly ArchivedRecord[],
): Promise<void> {
  const files = Map.groupBy(records, ({ stateMachineName, day }) =>
    // A child of a Map Run: `<machine>/<label>`. Its label may hold anything.
    join(...stateMachineName.split("/").map(encodeURIComponent), `${day}.jsonl`),
  );
  for (const [name, lines] of files) {
    const path = join(directory, name);
    await mkdir(join(path, ".."), { recursive: true });
    const file = await open(path, "a");
    try {
      await file.appendFile(lines.map(({ line }) => `${line}\n`).join(""));
      await file.sync();
    } finally {
      await file.close();
    }
  }
}
