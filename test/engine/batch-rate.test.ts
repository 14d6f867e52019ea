import { describe, expect, test } from "vitest";
import { Rate } from "../../server/engine/batches/rate.ts";

/** A rate from 10 s on, with one item at each of these times. */
function rateOf(...timesMs: readonly number[]): Rate {
  const rate = new Rate(10_000);
  for (const ms of timesMs) rate.add(ms);
  return rate;
}

describe("a rate", () => {
  test.each([
    ["nothing has happened", [], 70_000, 0],
    ["before a second is over it counts as one", [10_100, 10_200], 10_250, 2],
    ["from when it may happen, not from when it first did", [13_900, 13_950], 14_000, 0.5],
    ["over a minute at most", Array.from({ length: 120 }, (_, s) => 10_000 + s * 500), 69_900, 2],
    ["what is older than a minute is forgotten", [11_000, 12_000], 140_000, 0],
  ])("%s", (_rule, timesMs, nowMs, perSecond) => {
    expect(rateOf(...timesMs).perSecond(nowMs)).toBeCloseTo(perSecond, 1);
  });
});
