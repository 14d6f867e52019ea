import { readFileSync, readdirSync } from "node:fs";

const ticksPerSecond = 100;

/** CPU milliseconds a process and its children, ended ones included, have used so far. Linux. */
export function cpuMsOf(rootPid: number): number {
  const stats = new Map<number, { parent: number; ms: number }>();
  for (const entry of readdirSync("/proc")) {
    if (!/^\d+$/.test(entry)) continue;
    try {
      const stat = readFileSync(`/proc/${entry}/stat`, "utf8");
      const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
      const own = Number(fields[11]) + Number(fields[12]);
      const ofEnded = Number(fields[13]) + Number(fields[14]);
      stats.set(Number(entry), {
        parent: Number(fields[1]),
        ms: ((own + ofEnded) * 1000) / ticksPerSecond,
      });
    } catch {
      // it ended in between
    }
  }
  const isBelow = (pid: number): boolean => {
    for (let at: number | undefined = pid; at !== undefined && at > 1; at = stats.get(at)?.parent)
      if (at === rootPid) return true;
    return false;
  };
  let sum = 0;
  for (const [pid, { ms }] of stats) if (isBelow(pid)) sum += ms;
  return sum;
}
