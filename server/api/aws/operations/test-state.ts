import type { StateTest, TestedState } from "../../../asl/index.ts";
import { EngineError } from "../../../engine/errors.ts";
import { checkArnPrefix } from "../arn.ts";
import { AwsError } from "../aws-error.ts";
import { checkDefinition } from "../definition-diagnostics.ts";
import { fields } from "../fields.ts";
import { operation, type Operations } from "../operation.ts";
import type { InputOf } from "../shape.ts";
import { checkInput } from "./start.ts";

const stateName = { kind: "string", lengthMin: 1, lengthMax: 80 } as const;
const data = { kind: "string", isSensitive: true, lengthMax: 262_144 } as const;
const count = { kind: "integer", min: 0 } as const;

const shape = {
  definition: fields.definition,
  roleArn: fields.optionalArn,
  input: { kind: "string", isSensitive: true },
  inspectionLevel: { kind: "string", values: ["INFO", "DEBUG", "TRACE"] },
  revealSecrets: fields.boolean,
  variables: data,
  stateName,
  mock: {
    kind: "structure",
    fields: {
      result: data,
      errorOutput: {
        kind: "structure",
        fields: { error: fields.error, cause: fields.cause },
      },
      fieldValidationMode: { kind: "string", values: ["STRICT", "PRESENT", "NONE"] },
    },
  },
  context: data,
  stateConfiguration: {
    kind: "structure",
    fields: {
      retrierRetryCount: count,
      errorCausedByState: stateName,
      mapIterationFailureCount: count,
      mapItemReaderData: data,
    },
  },
} as const;

/** Testing single states. */
export const testOperations: Operations = {
  TestState: operation(shape, async (input, { engine, config, signal }) => {
    const { definition, roleArn, inspectionLevel = "INFO", stateConfiguration, ...rest } = input;
    if (roleArn !== undefined) checkArnPrefix(roleArn);
    checkInput(input.input, config.payloadBytesMax);
    const test: StateTest = {
      ...rest,
      definition,
      format: "JSON",
      isRoleRequired: true,
      ...(roleArn !== undefined && { roleArn }),
      ...(stateConfiguration !== undefined && { configuration: stateConfiguration }),
    };
    try {
      return answerOf(await engine.testState(test, signal), inspectionLevel);
    } catch (error) {
      if (!(error instanceof EngineError) || error.code !== "InvalidDefinition") throw error;
      const isState = test.stateName === undefined;
      checkDefinition(engine, { definition, type: "STANDARD", isState });
      throw new AwsError(error.code, error.message);
    }
  }),
};

type Level = NonNullable<InputOf<typeof shape>["inspectionLevel"]>;

function answerOf({ status, output, failure, nextState, inspection }: TestedState, level: Level) {
  return {
    status,
    ...failure,
    ...(output !== undefined && { output }),
    ...(nextState !== undefined && { nextState }),
    ...(level !== "INFO" && { inspectionData: inspection }),
  };
}
