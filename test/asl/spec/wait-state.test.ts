/** ASL § Wait State. */
import { expect, test } from "vitest";
import { machine, startMs } from "../../support/asl/builders.ts";
import { effectLine, eventLines } from "../../support/asl/notation.ts";
import { runInMemory } from "../../support/asl/run-in-memory.ts";

test.each([
  { rule: "Seconds", state: { Seconds: 3 }, tookMs: 3000 },
  { rule: "SecondsPath", state: { SecondsPath: "$.s" }, tookMs: 7000 },
  { rule: "Timestamp", state: { Timestamp: "2026-11-23T00:00:05Z" }, tookMs: 5000 },
  { rule: "TimestampPath with an offset", state: { TimestampPath: "$.t" }, tookMs: 9000 },
  {
    rule: "a fraction of a millisecond is waited for",
    state: { Timestamp: "2026-11-23T00:00:05.0000001Z" },
    tookMs: 5001,
  },
  { rule: "no seconds: goes on at once", state: { Seconds: 0 }, tookMs: 0 },
  {
    rule: "a time in the past: goes on at once",
    state: { Timestamp: "2016-03-14T01:59:00Z" },
    tookMs: 0,
  },
  { rule: "68 years", state: { Seconds: 99_999_999 }, tookMs: 99_999_999_000 },
  {
    rule: "the year 9999",
    state: { Timestamp: "9999-12-31T23:59:59Z" },
    tookMs: Date.parse("9999-12-31T23:59:59Z") - startMs,
  },
])("waits for $rule", async ({ state, tookMs }) => {
  const input = { s: 7, t: "2026-11-23T01:00:09+01:00" };
  const run = await runInMemory(machine({ Type: "Wait", ...state }), { input });
  expect(run.execution.status).toBe("SUCCEEDED");
  expect(run.tookMs).toBe(tookMs);
  expect(eventLines(run.history).slice(1, 3)).toEqual([
    "2 <- 0 WaitStateEntered S",
    "3 <- 2 WaitStateExited S",
  ]);
});

test("the timer has the id of the Entered event", async () => {
  const run = await runInMemory(machine({ Type: "Wait", Seconds: 3 }));
  expect(run.effects.map((effect) => effectLine(effect, startMs))).toEqual([
    "StartTimer 2 at 3000 ms",
  ]);
});

const seconds = { Type: "Wait", SecondsPath: "$.s" };
const timestamp = { Type: "Wait", TimestampPath: "$.t" };
const notIso =
  "The TimestampPath parameter does not reference a valid ISO-8601 extended offset date-time format string:";

test.each([
  {
    state: seconds,
    input: {},
    cause: "The SecondsPath parameter does not reference an input value: $.s",
  },
  {
    state: seconds,
    input: { s: -1 },
    cause: "The SecondsPath parameter references a negative value: $.s == -1",
  },
  {
    state: seconds,
    input: { s: -1.5 },
    cause: "The SecondsPath parameter cannot be parsed as a long value: $.s == -1.5",
  },
  {
    state: seconds,
    input: { s: "abc" },
    cause: "The SecondsPath parameter cannot be parsed as a long value: $.s == abc",
  },
  { state: seconds, input: { s: 1e300 }, cause: "Wait state delay is too long." },
  { state: seconds, input: { s: 2_147_483_648 }, cause: "Wait state delay is too long." },
  {
    state: timestamp,
    input: { t: "2100-01-01T00:00:00Z" },
    cause: "Wait state delay is too long.",
  },
  {
    state: timestamp,
    input: {},
    cause: "The TimestampPath parameter does not reference an input value: $.t",
  },
  {
    state: timestamp,
    input: { t: "2026-11-23 00:00:05Z" },
    cause: `${notIso} $.t == 2026-11-23 00:00:05Z`,
  },
  { state: timestamp, input: { t: 5 }, cause: `${notIso} $.t == 5` },
])("$cause", async ({ state, input, cause }) => {
  const { execution } = await runInMemory(machine(state), { input });
  expect(execution.failure).toEqual({
    error: "States.Runtime",
    cause: `An error occurred while executing the state 'S' (entered at the event id #2). ${cause}`,
  });
});
