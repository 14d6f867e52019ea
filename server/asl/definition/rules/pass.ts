/** ASL § Pass State. */
import { anything, template } from "../fields.ts";
import type { StateRule } from "../state-rule.ts";

export const passRule: StateRule = {
  fields: { Result: anything, Parameters: template },
  jsonataFields: { Output: anything },
  paths: ["InputPath", "OutputPath", "ResultPath"],
  required: [],
  transition: "NextOrEnd",
};
