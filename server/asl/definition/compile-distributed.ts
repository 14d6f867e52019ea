/** The fields of a distributed Map, from tree to Definition. */
import { isObject, textAt } from "../json.ts";
import type { Json, JsonObject } from "../json.ts";
import { argumentsField, numberSetting, templateField } from "./compile-fields.ts";
import type {
  Definition,
  DistributedMap,
  ItemBatcher,
  ItemReader,
  MapState,
  ResultWriter,
  StateBase,
} from "./definition.ts";

/**
 * Empty for an inline Map.
 *
 * @param state valid.
 * @param machine what the executions of the items run.
 */
export function distributedField(
  base: StateBase,
  state: JsonObject,
  machine: Definition,
): Pick<MapState, "distributed"> {
  const { Mode, ExecutionType } = objectAt(objectAt(state, processorOf(state)), "ProcessorConfig");
  if (Mode !== "DISTRIBUTED") return {};
  const { Label, ItemReader, ItemBatcher, ResultWriter } = state;
  const distributed: DistributedMap = {
    executionType: ExecutionType === "EXPRESS" ? "EXPRESS" : "STANDARD",
    machine: Object.freeze(machine),
    ...(typeof Label === "string" && { label: Label }),
    ...(isObject(ItemReader) && { itemReader: compileReader(base, ItemReader) }),
    ...(isObject(ItemBatcher) && { itemBatcher: compileBatcher(base, ItemBatcher) }),
    ...(isObject(ResultWriter) && { resultWriter: compileWriter(base, ResultWriter) }),
  };
  return { distributed: Object.freeze(distributed) };
}

/** The field that holds a Map's processor: Iterator is its older name. */
export function processorOf(state: JsonObject): "ItemProcessor" | "Iterator" {
  return state["ItemProcessor"] === undefined ? "Iterator" : "ItemProcessor";
}

function compileReader(base: StateBase, reader: JsonObject): ItemReader {
  const { MaxItems: _, MaxItemsPath: __, ...config } = objectAt(reader, "ReaderConfig");
  return Object.freeze({
    resource: textAt(reader, "Resource"),
    ...argumentsField(base, reader),
    config,
    ...numberSetting("maxItems", objectAt(reader, "ReaderConfig"), "MaxItems"),
  });
}

function compileBatcher(base: StateBase, batcher: JsonObject): ItemBatcher {
  return Object.freeze({
    ...numberSetting("maxItemsPerBatch", batcher, "MaxItemsPerBatch"),
    ...numberSetting("maxInputBytesPerBatch", batcher, "MaxInputBytesPerBatch"),
    ...templateField("batchInput", batcher["BatchInput"], base, "ItemBatcher/BatchInput"),
  });
}

function compileWriter(base: StateBase, writer: JsonObject): ResultWriter {
  const { Resource } = writer;
  return Object.freeze({
    ...(typeof Resource === "string" && { resource: Resource }),
    ...argumentsField(base, writer),
    config: objectAt(writer, "WriterConfig"),
  });
}

function objectAt(value: JsonObject, key: string): JsonObject {
  const found: Json | undefined = value[key];
  return isObject(found) ? found : {};
}
