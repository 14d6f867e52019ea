import type { Client } from "pg";

/** Something that is not as it should be. */
export interface Finding {
  readonly code: string;
  /** `ERROR`: something will not go on. `WARNING`: it goes on, and somebody should know. `ADVICE`: it could be better. */
  readonly severity: "ERROR" | "WARNING" | "ADVICE";
  readonly message: string;
  /** How many things it is about. */
  readonly count: number;
  /** Up to ten of them. */
  readonly examples: readonly string[];
  /** What a person can do, as an imperative sentence. */
  readonly advice: string;
  /** What `repair` would do, or has done; absent: nothing is safe to do. */
  readonly repair?: string;
}

/** A question to the database. */
export interface Check {
  find(client: Client, now: CheckTime): Promise<readonly Finding[]>;
  /** Mends what `find` finds. Looks again before it changes a row, so it is safe beside running servers. */
  repair?(client: Client): Promise<void>;
}

export interface CheckTime {
  /** This machine's wall clock in milliseconds since the epoch. */
  readonly wallClockMs: () => number;
}

export const examplesMax = 10;

/** A check in plain SQL. */
interface SqlCheck extends Pick<Finding, "code" | "severity" | "advice" | "repair"> {
  readonly message: (count: number) => string;
  /** Gives a row for each thing found, with one text column, `about`. */
  readonly sql: string;
  /** Statements, each safe on its own. */
  readonly repairSql?: readonly string[];
}

export function sqlCheck({ message, sql, repairSql, ...facts }: SqlCheck): Check {
  return {
    find: async (client) => {
      const { rows } = await client.query<Pick<Finding, "count" | "examples">>(
        `with found as (${sql})
         select count(*)::int as count, coalesce((array_agg(about))[1:${examplesMax}], '{}') as examples from found`,
      );
      const { count, examples } = rows[0]!;
      return count === 0 ? [] : [{ ...facts, message: message(count), count, examples }];
    },
    ...(repairSql !== undefined && {
      repair: async (client) => {
        for (const statement of repairSql) await client.query(statement);
      },
    }),
  };
}
