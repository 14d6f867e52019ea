/** Whether a mocked result is one that the state could have. */
import { isArray, isObject } from "../json.ts";
import { jsonIn } from "./check-test.ts";
import { own, shapeProblem } from "./response-shape.ts";
import { InvalidTest } from "./state-test.ts";
import type { TaskResource } from "../definition/definition.ts";
import type { Json } from "../json.ts";
import type { Isolated } from "./isolate.ts";
import type { FieldValidationMode, StateTest } from "./state-test.ts";

/** @throws InvalidTest */
export async function checkMockResult({ mock }: StateTest, isolated: Isolated): Promise<void> {
  if (mock?.result === undefined) return;
  const { state, source } = isolated;
  const result = jsonIn(mock.result, "Mocked result must be valid JSON");
  if (state.type === "Map" && source["ResultWriter"] !== undefined) {
    if (!isObject(result)) throw new InvalidTest("Mocked result must be a JSON object.");
  } else if (state.type === "Map" || state.type === "Parallel") {
    if (!isArray(result)) throw new InvalidTest("Mocked result must be an array.");
    if (state.type === "Parallel" && result.length !== state.branches.length)
      throw new InvalidTest(
        "Mocked result must contain the same number of items as number of Parallel branches.",
      );
  } else if (state.type === "Task") {
    await checkAnswer(result, state.resource, mock.fieldValidationMode ?? "STRICT");
  }
}

/** Services whose integration has another name than they have in `aws-sdk:<service>:<action>`. */
const sdkNames: Readonly<Record<string, string>> = {
  "emr-containers": "emrcontainers",
  "emr-serverless": "emrserverless",
  events: "eventbridge",
  states: "sfn",
};

/** What is not a service's own answer, or that of a service that is not known here, may be anything. */
async function checkAnswer(
  result: Json,
  resource: TaskResource,
  mode: FieldValidationMode,
): Promise<void> {
  if (mode === "NONE" || resource.kind !== "Service") return;
  if (resource.pattern !== "RequestResponse") return;
  const { responseShapes } = await import("./response-shapes.ts");
  const type = resource.resourceType;
  const service = own(responseShapes, own(sdkNames, type) ?? type.replace(/^aws-sdk:/, ""));
  const shape = own(service?.operations, resource.resource);
  if (service === undefined || shape === undefined) return;
  const problem = shapeProblem(result, shape, { shapes: service.shapes, mode });
  if (problem !== undefined)
    throw new InvalidTest(`Mock result schema validation error: ${problem}`);
}
