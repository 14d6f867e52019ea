/** ASL § Fail State. */
import { checkExclusive, pathOrIntrinsic, text } from "../fields.ts";
import type { StateRule } from "../state-rule.ts";
import { queryOr } from "../query-fields.ts";

export const failRule: StateRule = {
  fields: { Error: text, ErrorPath: pathOrIntrinsic, Cause: text, CausePath: pathOrIntrinsic },
  jsonataFields: { Error: queryOr(text), Cause: queryOr(text) },
  paths: [],
  required: [],
  transition: "None",
  isFinal: true,
  check: (state, at) => {
    checkExclusive(state, ["Error", "ErrorPath"], at);
    checkExclusive(state, ["Cause", "CausePath"], at);
  },
};
