/** ASL § Succeed State. */
import type { StateRule } from "../state-rule.ts";
import { queries } from "../query-fields.ts";

export const succeedRule: StateRule = {
  fields: {},
  jsonataFields: { Output: queries },
  paths: ["InputPath", "OutputPath"],
  required: [],
  transition: "None",
  isFinal: true,
};
