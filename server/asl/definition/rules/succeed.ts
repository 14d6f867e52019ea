/** ASL § Succeed State. */
import { anything } from "../fields.ts";
import type { StateRule } from "../state-rule.ts";

export const succeedRule: StateRule = {
  fields: {},
  jsonataFields: { Output: anything },
  paths: ["InputPath", "OutputPath"],
  required: [],
  transition: "None",
};
