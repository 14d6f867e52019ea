import type { MessageInitShape } from "@bufbuild/protobuf";
import type { ChainSource } from "./execution-link.ts";
import type { ChainSourceSchema } from "./gen/pawl/v1/execution_service_pb.ts";

/** What is taken from a source and how, whichever it is. */
export function takingInit({
  state = "",
  transformer,
  waitForSource = false,
  unique = false,
}: Omit<ChainSource, "execution">): MessageInitShape<typeof ChainSourceSchema> {
  return { state, waitForSource, unique, transformer: transformerInit(transformer) };
}

function transformerInit(
  transformer: ChainSource["transformer"],
): { case: "jsonata" | "resource"; value: string } | { case: undefined } {
  if (transformer === undefined) return { case: undefined };
  return "jsonata" in transformer
    ? { case: "jsonata", value: transformer.jsonata }
    : { case: "resource", value: transformer.resource };
}
