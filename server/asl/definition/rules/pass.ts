/** ASL § Pass State. */
import { anything, template } from "../fields.ts";
import type { StateRule } from "../state-rule.ts";
import { queries } from "../query-fields.ts";

export const passRule: StateRule = {
  fields: { Result: anything, Parameters: template },
  jsonataFields: { Output: queries },
  paths: ["InputPath", "OutputPath", "ResultPath"],
  required: [],
  transition: "NextOrEnd",
};
