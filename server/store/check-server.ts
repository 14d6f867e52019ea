import type { Client } from "pg";
import { StoreError } from "./store-error.ts";

const versionMin = 150_000;

/**
 * Refuses a PostgreSQL that can not keep the promise: older than 15, or one that may forget a commit.
 *
 * @param allowUnsafe accept fsync or full_page_writes off (a throw-away database).
 */
export async function checkServer(client: Client, allowUnsafe: boolean): Promise<void> {
  const { rows } = await client.query<{ name: string; setting: string }>(
    `select name, setting from pg_settings
     where name in ('server_version', 'server_version_num', 'fsync', 'full_page_writes')
     union all select 'is_in_recovery', pg_is_in_recovery()::text`,
  );
  const settings = new Map(rows.map(({ name, setting }) => [name, setting]));
  if (Number(settings.get("server_version_num")) < versionMin) {
    throw new StoreError(
      `PostgreSQL ${settings.get("server_version")} is too old; Pawl needs 15 or later`,
    );
  }
  if (settings.get("is_in_recovery") === "true") {
    throw new StoreError("PostgreSQL is a read-only standby; Pawl needs the primary");
  }
  const off = ["fsync", "full_page_writes"].filter((name) => settings.get(name) !== "on");
  if (off.length > 0 && !allowUnsafe) {
    throw new StoreError(
      `PostgreSQL runs with ${off.join(" and ")} off and may lose what Pawl acknowledged; ` +
        "turn it on, or set PAWL_ALLOW_UNSAFE_DATABASE=true for a database you can lose",
    );
  }
}
