/** ASL § Wait State. */
import { integer, path, report, timestamp } from "../fields.ts";
import type { StateRule } from "../state-rule.ts";
import { queries, queryOr } from "../query-fields.ts";

const ways = ["Seconds", "SecondsPath", "Timestamp", "TimestampPath"];

export const waitRule: StateRule = {
  fields: {
    Seconds: integer(0, 99_999_999, "WAIT_SECONDS_RANGE"),
    SecondsPath: path,
    Timestamp: timestamp,
    TimestampPath: path,
  },
  jsonataFields: {
    Seconds: queryOr(integer(0, 99_999_999, "WAIT_SECONDS_RANGE")),
    Timestamp: queryOr(timestamp),
    Output: queries,
  },
  paths: ["InputPath", "OutputPath"],
  required: [],
  transition: "NextOrEnd",
  check: (state, at) => {
    const used = ways.filter((way) => Object.hasOwn(state, way));
    if (used.length === 1) return;
    const found = used.length === 0 ? "none is set" : `[${used.join(", ")}] are set`;
    report(at, "WAIT_EXACTLY_ONE", `exactly one of [${ways.join(", ")}] must be set; ${found}`);
  },
};
