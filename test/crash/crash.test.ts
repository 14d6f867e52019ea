import { expect, test } from "vitest";
import { runChaos } from "../chaos/run-chaos.ts";

test(
  "kill -9 of server, worker and PostgreSQL under load loses nothing, doubles nothing, leaves nothing stuck",
  { timeout: 180_000 },
  async () => {
    const result = await runChaos({
      rounds: 5,
      servers: 1,
      seed: 4,
      roundMs: 2_000,
      settleMs: 60_000,
      onProgress: () => undefined,
    });
    expect(result.problems).toEqual([]);
    expect(result.ended).toBeGreaterThan(50);
    expect(Object.keys(result.kills).length).toBeGreaterThanOrEqual(2);
  },
);
