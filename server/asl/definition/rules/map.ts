/** ASL § Map State. */
import { checkExclusive, integer, number, object, path, report, template } from "../fields.ts";
import type { StateRule } from "../state-rule.ts";
import { catchers, retry } from "./retry-catch.ts";
import { checkDistributed, distributedFields } from "./distributed-map.ts";
import { items, queries, queryOr } from "../query-fields.ts";

const common = {
  // The processor itself is checked as a body, see validate.ts.
  ItemProcessor: object,
  Retry: retry,
  Catch: catchers,
  ...distributedFields,
};

export const mapRule: StateRule = {
  fields: {
    ...common,
    Iterator: object,
    ItemsPath: path,
    ItemSelector: template,
    Parameters: template,
    ResultSelector: template,
    MaxConcurrency: integer(0),
    MaxConcurrencyPath: path,
    ToleratedFailureCount: integer(0),
    ToleratedFailureCountPath: path,
    ToleratedFailurePercentage: number(0, 100),
    ToleratedFailurePercentagePath: path,
  },
  jsonataFields: {
    ...common,
    Items: items,
    ItemSelector: queries,
    MaxConcurrency: queryOr(integer(0)),
    ToleratedFailureCount: queryOr(integer(0)),
    ToleratedFailurePercentage: queryOr(number(0, 100)),
    Output: queries,
  },
  paths: ["InputPath", "OutputPath", "ResultPath"],
  required: [],
  transition: "NextOrEnd",
  check: (state, at) => {
    if (state["ItemProcessor"] === undefined && state["Iterator"] === undefined) {
      report(at, "MISSING_FIELD", "These fields are required: [ItemProcessor]");
    }
    checkExclusive(state, ["ItemProcessor", "Iterator"], at);
    checkExclusive(state, ["ItemSelector", "Parameters"], at);
    checkDistributed(state, at);
    for (const name of ["MaxConcurrency", "ToleratedFailureCount", "ToleratedFailurePercentage"]) {
      checkExclusive(state, [name, `${name}Path`], at);
    }
  },
};
