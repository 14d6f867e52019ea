/** ASL § Map State: the fields that only Mode DISTRIBUTED has. */
import { isArray, isObject } from "../../json.ts";
import type { Json, JsonObject } from "../../json.ts";
import { processorOf } from "../compile-distributed.ts";
import type { At, Check, Fields } from "../fields.ts";
import {
  checkExclusive,
  checkFields,
  checkRequired,
  clip,
  inside,
  integer,
  oneOf,
  path,
  report,
  shown,
  template,
  text,
} from "../fields.ts";
import { queries, queryOr } from "../query-fields.ts";
import { nearestField } from "../unknown-field.ts";

/** Characters that a Label may have; AWS's limit. */
const labelLengthMax = 40;
/** Bytes that a batch may be limited to: an input has no more. */
const batchBytesMax = 262_144;
const itemsMax = 100_000_000;

const readerResources = ["arn:aws:states:::s3:getObject", "arn:aws:states:::s3:listObjectsV2"];
const writerResources = ["arn:aws:states:::s3:putObject"];

const label: Check = (value, at) => {
  if (typeof value !== "string") return text(value, at);
  const length = Array.from(value).length;
  if (length === 0 || length > labelLengthMax) {
    const message = `Label is ${length} characters; it must be from 1 to ${labelLengthMax}`;
    return report(at, "LABEL_INVALID", message);
  }
  // It becomes a part of ARNs.
  if (/[\s?*<>{}[\]:;,\\|^~$#%&`"/\p{Cc}\uFFFE\uFFFF]/u.test(value))
    report(at, "LABEL_INVALID", `Label '${clip(value)}' has a character that a Label can not have`);
};

/** An object of these fields. */
function structure(
  jsonPath: Fields,
  jsonata: Fields,
  check: (value: JsonObject, at: At) => void,
): Check {
  return (value, at) => {
    if (!isObject(value))
      return report(at, "FIELD_TYPE", `Expected value of type Object, but was ${shown(value)}`);
    checkFields(value, at.language === "JSONata" ? jsonata : jsonPath, at, nearestField);
    check(value, at);
  };
}

function resource(known: readonly string[]): Check {
  return (value, at) => {
    if (typeof value !== "string") return text(value, at);
    if (known.includes(value)) return;
    const reason =
      "The value is not a valid resource ARN, or the resource is not available in this region.";
    const message = `The resource provided ${clip(value)} is not recognized. ${reason}`;
    report(at, "RESOURCE_INVALID", message);
  };
}

const headers: Check = (value, at) => {
  if (!isArray(value) || value.some((name) => typeof name !== "string"))
    report(at, "FIELD_TYPE", `Expected value of type Array of String, but was ${shown(value)}`);
};

const pointer: Check = (value, at) => {
  if (typeof value !== "string") return text(value, at);
  if (value !== "" && !value.startsWith("/"))
    report(at, "POINTER_INVALID", `'${clip(value)}' is not a JSON pointer`);
};

const readerConfigFields: Fields = {
  InputType: oneOf("CSV", "JSON", "JSONL", "MANIFEST", "PARQUET"),
  CSVHeaderLocation: oneOf("FIRST_ROW", "GIVEN"),
  CSVHeaders: headers,
  CSVDelimiter: oneOf("COMMA", "PIPE", "SEMICOLON", "SPACE", "TAB"),
  ItemsPointer: pointer,
};

const readerConfig = structure(
  { ...readerConfigFields, MaxItems: integer(0, Number.MAX_SAFE_INTEGER), MaxItemsPath: path },
  { ...readerConfigFields, MaxItems: queryOr(integer(0, Number.MAX_SAFE_INTEGER)) },
  (config, at) => {
    checkExclusive(config, ["MaxItems", "MaxItemsPath"], at);
    const { InputType, CSVHeaderLocation } = config;
    if (InputType === "PARQUET")
      at.findings.refuseAsUnsupported(
        "PARQUET_UNSUPPORTED",
        "InputType PARQUET is not supported by Pawl",
        inside(at, "InputType").pointer,
      );
    if (InputType === "CSV") checkRequired(config, ["CSVHeaderLocation"], at);
    if (CSVHeaderLocation === "GIVEN") checkRequired(config, ["CSVHeaders"], at);
  },
);

const itemReader = structure(
  { Resource: resource(readerResources), Parameters: template, ReaderConfig: readerConfig },
  { Resource: resource(readerResources), Arguments: queries, ReaderConfig: readerConfig },
  (reader, at) => {
    checkRequired(reader, ["Resource"], at);
    if (reader["Resource"] !== readerResources[0]) return;
    const { ReaderConfig } = reader;
    if (!isObject(ReaderConfig) || ReaderConfig["InputType"] === undefined)
      report(inside(at, "ReaderConfig"), "MISSING_FIELD", "These fields are required: [InputType]");
  },
);

const batchLimits = ["MaxItemsPerBatch", "MaxInputBytesPerBatch"];

const itemBatcher = structure(
  {
    MaxItemsPerBatch: integer(1, itemsMax),
    MaxItemsPerBatchPath: path,
    MaxInputBytesPerBatch: integer(1, batchBytesMax),
    MaxInputBytesPerBatchPath: path,
    BatchInput: template,
  },
  {
    MaxItemsPerBatch: queryOr(integer(1, itemsMax)),
    MaxInputBytesPerBatch: queryOr(integer(1, batchBytesMax)),
    BatchInput: queries,
  },
  (batcher, at) => {
    for (const name of batchLimits) checkExclusive(batcher, [name, `${name}Path`], at);
    const limits = batchLimits.flatMap((name) => [name, `${name}Path`]);
    if (limits.some((name) => Object.hasOwn(batcher, name))) return;
    report(at, "MISSING_FIELD", `One of these fields is required: [${limits.join(", ")}]`);
  },
);

const writerConfig = structure(
  { Transformation: oneOf("NONE", "COMPACT", "FLATTEN"), OutputType: oneOf("JSON", "JSONL") },
  { Transformation: oneOf("NONE", "COMPACT", "FLATTEN"), OutputType: oneOf("JSON", "JSONL") },
  () => {},
);

const resultWriter = structure(
  { Resource: resource(writerResources), Parameters: template, WriterConfig: writerConfig },
  { Resource: resource(writerResources), Arguments: queries, WriterConfig: writerConfig },
  (writer, at) => {
    if (writer["Resource"] !== undefined || writer["WriterConfig"] !== undefined) return;
    report(at, "MISSING_FIELD", "One of these fields is required: [Resource, WriterConfig]");
  },
);

export const distributedFields: Fields = {
  ItemReader: itemReader,
  ItemBatcher: itemBatcher,
  ResultWriter: resultWriter,
  Label: label,
};

/** What the fields of a Map say about its mode. */
export function checkDistributed(state: JsonObject, at: At): void {
  const processor = state[processorOf(state)];
  if (isDistributed(processor)) {
    if (at.machine.type === "EXPRESS")
      report(at, "EXPRESS_UNSUPPORTED", "Express state machine does not support DISTRIBUTED mode");
    return;
  }
  for (const name of Object.keys(distributedFields))
    if (Object.hasOwn(state, name))
      report(
        inside(at, name),
        "DISTRIBUTED_ONLY",
        `Field '${name}' is supported only when Mode is DISTRIBUTED`,
      );
}

export function isDistributed(processor: Json | undefined): boolean {
  const config = isObject(processor) ? processor["ProcessorConfig"] : undefined;
  return isObject(config) && config["Mode"] === "DISTRIBUTED";
}
