/** The database server itself: what may lose data, and what makes it slow. */
import { sqlCheck } from "./check.ts";
import type { Check } from "./check.ts";

const clockOffsetMaxMs = 1_000;

export const clockCheck: Check = {
  find: async (client, { wallClockMs }) => {
    const before = wallClockMs();
    const { rows } = await client.query<{ ms: number }>(
      "select (extract(epoch from clock_timestamp()) * 1000)::float8 as ms",
    );
    const after = wallClockMs();
    const { ms } = rows[0]!;
    const offsetMs = Math.round(ms < before ? before - ms : Math.max(0, ms - after));
    if (offsetMs <= clockOffsetMaxMs) return [];
    return [
      {
        code: "CLOCK",
        severity: "WARNING",
        message: `the database's clock and this machine's differ by ${offsetMs} ms`,
        count: 1,
        examples: [],
        advice: "Let both follow a time server: what is due goes by the database's clock alone",
      },
    ];
  },
};

const setting = (name: string, condition: string): string =>
  `select name || ' = ' || setting || coalesce(unit, '') as about from pg_settings where name = '${name}' and ${condition}`;

export const serverChecks: readonly Check[] = [
  sqlCheck({
    code: "UNSAFE_SETTINGS",
    severity: "WARNING",
    message: () => "a crash of the database may lose what was acknowledged",
    sql: `select name || ' = ' || setting as about from pg_settings
      where name in ('fsync', 'full_page_writes', 'synchronous_commit') and setting = 'off'`,
    advice: "Turn these settings on",
  }),
  sqlCheck({
    code: "AUTOVACUUM",
    severity: "WARNING",
    message: () => "rows that are gone keep their room",
    sql: setting("autovacuum", "setting = 'off'"),
    advice: "Turn autovacuum on",
  }),
  sqlCheck({
    code: "IDLE_TRANSACTIONS",
    severity: "WARNING",
    message: (count) => `${count} connections hold a transaction open and do nothing`,
    sql: `select coalesce(nullif(application_name, ''), 'pid') || ' ' || pid as about from pg_stat_activity
      where datname = current_database() and state like 'idle in transaction%'
        and state_change < now() - interval '1 minute'`,
    advice: "End them: rows that are gone can not be cleaned up while they last",
  }),
  sqlCheck({
    code: "CONNECTIONS",
    severity: "WARNING",
    message: () => "most of the connections are taken",
    sql: `select used || ' of ' || max as about from (
        select (select count(*) from pg_stat_activity where backend_type = 'client backend') as used,
          current_setting('max_connections')::int as max) c where used > 0.8 * max`,
    advice: "Raise max_connections, or lower PAWL_DATABASE_POOL_MAX",
  }),
  sqlCheck({
    code: "WRAPAROUND",
    severity: "WARNING",
    message: () => "the oldest transaction id is old",
    sql: `select datname || ' ' || age(datfrozenxid) as about from pg_database
      where datname = current_database() and age(datfrozenxid) > 1000000000`,
    advice: "Let autovacuum freeze the tables, or run VACUUM FREEZE",
  }),
  sqlCheck({
    code: "DEAD_ROWS",
    severity: "ADVICE",
    message: (count) => `${count} tables are mostly rows that are gone`,
    sql: `select relname || ' (' || n_dead_tup || ' of ' || n_live_tup + n_dead_tup || ')' as about
      from pg_stat_user_tables where n_dead_tup > 100000 and n_dead_tup > n_live_tup`,
    advice: "Run VACUUM (ANALYZE) on them, and see why autovacuum does not",
  }),
  sqlCheck({
    code: "SLOW_SETTINGS",
    severity: "ADVICE",
    message: () => "settings that cost throughput",
    sql: `${setting("jit", "setting = 'on'")} union all
      ${setting("max_wal_size", "setting::bigint < 1024")} union all
      ${setting("shared_buffers", "setting::bigint * 8192 < 128 * 1024 * 1024")}`,
    advice: "Set jit = off, max_wal_size to some GB, and shared_buffers to a quarter of the memory",
  }),
];
