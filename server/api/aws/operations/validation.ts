import { diagnose } from "../definition-diagnostics.ts";
import { fields } from "../fields.ts";
import { operation, type Operations } from "../operation.ts";

const diagnosticsMax = 100;

/** Checking a definition without creating anything. */
export const validationOperations: Operations = {
  ValidateStateMachineDefinition: operation(
    {
      definition: fields.definition,
      type: fields.stateMachineType,
      severity: { kind: "string", values: ["ERROR", "WARNING"] },
      maxResults: { kind: "integer", min: 0, max: diagnosticsMax },
    } as const,
    async ({ definition, type = "STANDARD", severity = "ERROR", maxResults }, { engine }) => {
      const found = diagnose(engine, { definition, type });
      const wanted = severity === "ERROR" ? found.filter((one) => one.severity === "ERROR") : found;
      const shown = wanted.slice(
        0,
        maxResults === undefined || maxResults === 0 ? diagnosticsMax : maxResults,
      );
      return {
        result: found.some((one) => one.severity === "ERROR") ? "FAIL" : "OK",
        diagnostics: shown,
        truncated: shown.length < wanted.length,
      };
    },
  ),
};
