import { describe, expect, test } from "vitest";
import { FailureWindow } from "../../server/engine/batches/failure-window.ts";

const policy = { windowItems: 4, severeRate: 0.5, windowMicroBatches: 2, softRate: 0.25 };
const windowOf = (more: object = {}): FailureWindow =>
  new FailureWindow({ policy, microBatchSize: 10, total: 100, ...more });
/** "." succeeds, "x" fails. @returns what the items came to, if anything. */
const play = (window: FailureWindow, items: string, from = 0): string | undefined => {
  for (const [at, item] of items.split("").entries()) {
    const verdict = window.add(from + at, item === "x");
    if (verdict !== undefined) return `${verdict.status} at ${from + at}`;
  }
  return undefined;
};

describe("the failure policy", () => {
  test.each([
    ["xx", undefined, "two failures are no rate while the window is not full"],
    ["xx..", "FAILED at 3", "half of the last four"],
    ["x...x.", undefined, "the first has left the window"],
    ["x...x..x", "FAILED at 7", "two of the last four"],
  ])("%s: %s, %s", (items, verdict, _rule) => {
    expect(play(windowOf(), items)).toBe(verdict);
  });

  test.each([
    ["x.........", undefined, "a tenth"],
    ["x...x.......x...x...", undefined, "a fifth, and a fifth"],
    ["x...x...x...........", "PAUSED at 9", "three tenths of the first"],
  ])("micro-batches %s: %s, %s", (items, verdict, _rule) => {
    expect(play(windowOf(), items)).toBe(verdict);
  });

  test("judges the last, smaller micro-batch when all of it is done, in whatever order", () => {
    const window = windowOf({ total: 12 });
    expect(play(window, "..........")).toBeUndefined();
    expect(window.add(11, true)).toBeUndefined();
    expect(window.add(10, false)?.status).toBe("PAUSED");
  });

  test("without a policy nothing means anything; the rates are known", () => {
    const window = windowOf({ policy: undefined });
    expect(play(window, "xxxx......")).toBeUndefined();
    expect(window).toMatchObject({ recentRate: 0.4, rollingRate: 0.4 });
  });

  test("restored, it is where it was; reset, it has forgotten", () => {
    const window = windowOf();
    const first = { number: 0, done: 10, failed: 2, finishNumber: 10 };
    const second = { number: 1, done: 9, failed: 3, finishNumber: 19 };
    window.restore([false, true, false, false], [first, second], 0);
    expect(window).toMatchObject({ recentRate: 0.25, rollingRate: 0.2 });
    expect(window.add(19, false)).toMatchObject({ status: "PAUSED" });
    window.reset();
    expect(window).toMatchObject({ recentRate: 0, rollingRate: 0 });
  });
});
