import { create } from "@bufbuild/protobuf";
import type { ChainSource } from "../../engine/engine.ts";
import {
  ChainSourceSchema,
  type ChainSource as ChainSourceMessage,
} from "../../gen/pawl/v1/execution_service_pb.ts";
import { resourceCharactersMax, stateNameCharactersMax } from "../limits.ts";
import type { Violations } from "../violations.ts";

/** What is taken from a source and how, whichever it is. */
type Taking = Omit<ChainSource, "execution">;

export function takingOf({ state, transformer, ...options }: ChainSourceMessage): Taking {
  const kinds = { jsonata: "JSONata", resource: "Resource" } as const;
  return {
    ...(state !== "" && { state }),
    ...(transformer.case !== undefined && {
      transformer: { kind: kinds[transformer.case], text: transformer.value },
    }),
    waitsForSource: options.waitForSource,
    isUnique: options.unique,
  };
}

export function checkTaking(
  violations: Violations,
  field: string,
  { state, transformer }: ChainSourceMessage,
): void {
  violations.length(`${field}.state`, state, stateNameCharactersMax);
  if (transformer.case === undefined) return;
  violations.required(`${field}.${transformer.case}`, transformer.value);
  if (transformer.case === "resource")
    violations.length(`${field}.resource`, transformer.value, resourceCharactersMax);
}

/** As the contract shows it. */
export function takingMessage({
  state = "",
  transformer,
  waitsForSource: waitForSource = false,
  isUnique: unique = false,
}: Taking): ChainSourceMessage {
  const cases = { JSONata: "jsonata", Resource: "resource" } as const;
  return create(ChainSourceSchema, {
    state,
    waitForSource,
    unique,
    ...(transformer !== undefined && {
      transformer: { case: cases[transformer.kind], value: transformer.text },
    }),
  });
}
