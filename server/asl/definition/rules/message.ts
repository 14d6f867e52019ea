/** Pawl's Message state, from state-machine-amz-go. */
import type { Check } from "../fields.ts";
import {
  checkExclusive,
  integer,
  path,
  referencePathOrNull,
  report,
  template,
  text,
} from "../fields.ts";
import { queries, queryOr } from "../query-fields.ts";
import type { StateRule } from "../state-rule.ts";
import { catchers, retry } from "./retry-catch.ts";

/** Characters of UTF-16 that a CorrelationKey may have. */
export const correlationKeyLengthMax = 1_024;

const key: Check = (value, at) => {
  if (typeof value !== "string") return text(value, at);
  if (value.length >= 1 && value.length <= correlationKeyLengthMax) return;
  const message = `CorrelationKey has ${value.length} characters; it must have from 1 to ${correlationKeyLengthMax}`;
  report(at, "FIELD_RANGE", message);
};

const common = { TimeoutPath: text, Retry: retry, Catch: catchers };

export const messageRule: StateRule = {
  fields: {
    ...common,
    CorrelationKey: key,
    CorrelationValuePath: path,
    TimeoutSeconds: integer(0),
    TimeoutSecondsPath: path,
    MessagePath: referencePathOrNull,
    ResultSelector: template,
  },
  jsonataFields: {
    ...common,
    CorrelationKey: queryOr(key),
    CorrelationValue: queries,
    TimeoutSeconds: queryOr(integer(0)),
    Output: queries,
  },
  paths: ["InputPath", "OutputPath", "ResultPath"],
  required: ["CorrelationKey"],
  transition: "NextOrEnd",
  check: (state, at) => {
    checkExclusive(state, ["MessagePath", "ResultPath"], at);
    checkExclusive(state, ["TimeoutSeconds", "TimeoutSecondsPath"], at);
  },
};
