import { queueName } from "../../asl/index.ts";
import type { Check } from "./check.ts";
import { examplesMax } from "./check.ts";

interface ReadyQueue {
  readonly queue: string;
  readonly count: number;
  readonly oldest: string;
}

/** Tasks that wait for a worker which is not there. They wait as long as their TimeoutSeconds lets them. */
export const unservedCheck: Check = {
  find: async (client) => {
    const { rows: ready } = await client.query<ReadyQueue>(
      `select queue, count(*)::int as count, to_char(min(scheduled_at), 'YYYY-MM-DD HH24:MI:SS TZ') as oldest
       from tasks where session_id is null and not awaits_callback and not is_held
         and scheduled_at < now() - interval '10 s'
       group by queue order by min(scheduled_at)`,
    );
    if (ready.length === 0) return [];
    const { rows: served } = await client.query<{ resource: string }>(
      `select distinct jsonb_array_elements_text(p.pool -> 'resources') as resource
       from sessions s join servers v on v.id = s.server_id and v.heartbeat_at > now() - interval '3 s',
         jsonb_array_elements(s.facts -> 'pools') as p (pool)
       where s.closed_at is null`,
    );
    const isServed = servedBy(served.map(({ resource }) => resource));
    const unserved = ready.filter(({ queue }) => !isServed(queue));
    if (unserved.length === 0) return [];
    const count = unserved.reduce((sum, queue) => sum + queue.count, 0);
    return [
      {
        code: "UNSERVED",
        severity: "WARNING",
        message: `${count} tasks wait for a worker that is not there`,
        count,
        examples: unserved
          .slice(0, examplesMax)
          .map(({ queue, count: waiting, oldest }) => `${queue} (${waiting} since ${oldest})`),
        advice: "Start a worker that registers these names",
      },
    ];
  },
};

/** @param resources names in any spelling, or prefixes ending in `*`. */
function servedBy(resources: readonly string[]): (queue: string) => boolean {
  const prefixes = resources.filter((name) => name.endsWith("*")).map((name) => name.slice(0, -1));
  const exact = new Set(resources.filter((name) => !name.endsWith("*")).map(queueName));
  return (queue) => exact.has(queue) || prefixes.some((prefix) => queue.startsWith(prefix));
}
