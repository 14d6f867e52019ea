/** ASL § Parallel State. */
import { report, shown, template } from "../fields.ts";
import type { Check } from "../fields.ts";
import { isArray } from "../../json.ts";
import type { StateRule } from "../state-rule.ts";
import { catchers, retry } from "./retry-catch.ts";
import { queries } from "../query-fields.ts";

/** The branches themselves are checked as bodies, see validate.ts. */
const branches: Check = (value, at) => {
  if (!isArray(value))
    report(at, "FIELD_TYPE", `Expected value of type Array, but was ${shown(value)}`);
  else if (value.length === 0) report(at, "EMPTY_BRANCHES", "Value cannot be empty");
};

const common = { Branches: branches, Retry: retry, Catch: catchers };

export const parallelRule: StateRule = {
  fields: { ...common, Parameters: template, ResultSelector: template },
  jsonataFields: { ...common, Arguments: queries, Output: queries },
  paths: ["InputPath", "OutputPath", "ResultPath"],
  required: ["Branches"],
  transition: "NextOrEnd",
};
