import { expect, test } from "vitest";
import { runRollingRestart } from "../chaos/rolling-restart.ts";

test(
  "servers restarted one after the other under load: no error reaches a caller, no task is done twice",
  { timeout: 120_000 },
  async () => {
    const result = await runRollingRestart({ rounds: 1, servers: 2, onProgress: () => undefined });
    expect(result.problems).toEqual([]);
    expect(result.ended).toBeGreaterThan(50);
  },
);
