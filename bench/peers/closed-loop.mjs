// A closed loop: `inFlight` executions at any time, latency from start to the client knowing the result.

/**
 * @param {{ inFlight: number, executions: number, run: (index: number) => Promise<unknown> }} work
 * @returns figures of one run: executions a second, p50 and p99 in milliseconds
 */
export async function closedLoop({ inFlight, executions, run }) {
  const latencies = [];
  let next = 0;
  const began = performance.now();
  const loop = async () => {
    while (next < executions) {
      const index = next++;
      const at = performance.now();
      await run(index);
      latencies.push(performance.now() - at);
    }
  };
  await Promise.all(Array.from({ length: inFlight }, loop));
  const seconds = (performance.now() - began) / 1000;
  latencies.sort((a, b) => a - b);
  return {
    inFlight,
    executions,
    perSecond: executions / seconds,
    p50Ms: latencies[Math.floor(latencies.length * 0.5)],
    p99Ms: latencies[Math.floor(latencies.length * 0.99)],
  };
}

/** Reads the arguments every peer takes: databaseUrl, and a list of {inFlight, executions}. */
export function options() {
  return JSON.parse(process.argv[2] ?? "{}");
}

/** One line of JSON for the runner. */
export function print(figures) {
  process.stdout.write(`${JSON.stringify(figures)}\n`);
}
