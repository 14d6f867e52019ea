import type { ChainSource } from "@pawl/sdk";
import type { Io } from "./io.ts";
import { textOf } from "./read-input.ts";

/** What makes an input of an output, as two options name it. @param jsonata `@file` reads the expression. */
export async function chainTransformerOf(
  {
    jsonata,
    transformer: resource,
  }: { readonly jsonata?: string | undefined; readonly transformer?: string | undefined },
  io: Io,
): Promise<ChainSource["transformer"]> {
  if (jsonata !== undefined) return { jsonata: await textOf(jsonata, io.streams) };
  return resource === undefined ? undefined : { resource };
}
