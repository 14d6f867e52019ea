import type { Execution } from "../../engine/engine.ts";
import { traceHeaderOf } from "./trace-header.ts";

/** The payloads of an execution as both descriptions show them; none of them with METADATA_ONLY. */
export function executionData(execution: Execution, isMetadataOnly: boolean): object {
  const { input, output, failure, trace } = execution;
  const traceHeader = traceHeaderOf(trace);
  return {
    ...(traceHeader !== undefined && { traceHeader }),
    ...(!isMetadataOnly && {
      ...(input !== undefined && { input, inputDetails: { included: true } }),
      ...(output !== undefined && { output, outputDetails: { included: true } }),
      ...(failure?.error !== undefined && { error: failure.error }),
      ...(failure?.cause !== undefined && { cause: failure.cause }),
    }),
  };
}
