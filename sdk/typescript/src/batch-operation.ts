import type { Message, MessageInitShape } from "@bufbuild/protobuf";
import type { BatchInput } from "./batch.ts";
import { takingInit } from "./chain-source.ts";
import type { BatchOperationSchema } from "./gen/pawl/v1/batch_service_pb.ts";

type OperationInit = NonNullable<
  Exclude<MessageInitShape<typeof BatchOperationSchema>, Message>["operation"]
>;

/** What each item of a batch does, for its request. */
export function operationInit(input: BatchInput): OperationInit {
  if ("stop" in input) {
    const { error = "", cause = "" } = input.stop;
    return { case: "stop", value: { error: { error, cause } } };
  }
  if ("redrive" in input) return { case: "redrive", value: input.redrive };
  if ("delete" in input) return { case: "delete", value: {} };
  if ("chain" in input) {
    const { stateMachine, namePrefix = "", ...source } = input.chain;
    return { case: "chain", value: { stateMachine, namePrefix, source: takingInit(source) } };
  }
  const { stateMachine, namePrefix = "", labels = {} } = input;
  return { case: "start", value: { stateMachine, namePrefix, labels: { ...labels } } };
}
