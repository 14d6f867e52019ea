/** ASL § Map State. */
import { isObject } from "../../json.ts";
import type { JsonObject } from "../../json.ts";
import type { At, Check } from "../fields.ts";
import {
  checkExclusive,
  inside,
  integer,
  number,
  object,
  path,
  report,
  template,
  text,
} from "../fields.ts";
import type { StateRule } from "../state-rule.ts";
import { catchers, retry } from "./retry-catch.ts";
import { items, queries, queryOr } from "../query-fields.ts";

/** Fields that only a distributed Map has. */
const distributedFields = ["ItemReader", "ItemBatcher", "ResultWriter", "Label"];

const distributed: Check = () => {};

const common = {
  // The processor itself is checked as a body, see validate.ts.
  ItemProcessor: object,
  Retry: retry,
  Catch: catchers,
  ItemReader: distributed,
  ItemBatcher: distributed,
  ResultWriter: distributed,
  Label: text,
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
    for (const name of ["MaxConcurrency", "ToleratedFailureCount", "ToleratedFailurePercentage"]) {
      checkExclusive(state, [name, `${name}Path`], at);
    }
    reportDistributed(state, at);
  },
};

function reportDistributed(state: JsonObject, at: At): void {
  const processor = state["ItemProcessor"] ?? state["Iterator"];
  const config = isObject(processor) ? processor["ProcessorConfig"] : undefined;
  const isDistributed = isObject(config) && config["Mode"] === "DISTRIBUTED";
  const field = distributedFields.find((name) => Object.hasOwn(state, name));
  if (!isDistributed && field === undefined) return;
  const pointer = field === undefined ? at.pointer : inside(at, field).pointer;
  at.findings.refuseAsUnsupported(
    "DISTRIBUTED_MAP_UNSUPPORTED",
    "distributed Map is not supported yet",
    pointer,
  );
}
