/** ASL § Fail State. */
import { anything, checkExclusive, pathOrIntrinsic, text } from "../fields.ts";
import type { StateRule } from "../state-rule.ts";

export const failRule: StateRule = {
  fields: { Error: text, ErrorPath: pathOrIntrinsic, Cause: text, CausePath: pathOrIntrinsic },
  jsonataFields: { Error: anything, Cause: anything },
  paths: [],
  required: [],
  transition: "None",
  check: (state, at) => {
    checkExclusive(state, ["Error", "ErrorPath"], at);
    checkExclusive(state, ["Cause", "CausePath"], at);
  },
};
