import { aliasPattern } from "../../engine/names.ts";
import type { Field } from "./shape.ts";

/** The constraints that several operations share, named as in AWS's service model (2016-11-23). */
export const fields = {
  arn: { kind: "string", isRequired: true, lengthMin: 1, lengthMax: 256 },
  name: { kind: "string", isRequired: true, lengthMin: 1, lengthMax: 80 },
  optionalName: { kind: "string", lengthMin: 1, lengthMax: 80 },
  optionalArn: { kind: "string", lengthMin: 1, lengthMax: 256 },
  longArn: { kind: "string", lengthMin: 1, lengthMax: 2_000 },
  requiredLongArn: { kind: "string", isRequired: true, lengthMin: 1, lengthMax: 2_000 },
  definition: {
    kind: "string",
    isSensitive: true,
    isRequired: true,
    lengthMin: 1,
    lengthMax: 1_048_576,
  },
  optionalDefinition: { kind: "string", isSensitive: true, lengthMin: 1, lengthMax: 1_048_576 },
  error: { kind: "string", isSensitive: true, lengthMax: 256 },
  cause: { kind: "string", isSensitive: true, lengthMax: 32_768 },
  clientToken: { kind: "string", lengthMin: 1, lengthMax: 64 },
  traceHeader: { kind: "string", lengthMax: 256 },
  maxResults: { kind: "integer", min: 0, max: 1_000 },
  nextToken: { kind: "string", lengthMin: 1, lengthMax: 1_024 },
  executionsNextToken: { kind: "string", lengthMin: 1, lengthMax: 3_096 },
  taskToken: { kind: "string", isRequired: true, lengthMin: 1, lengthMax: 2_048 },
  revisionId: { kind: "string" },
  versionDescription: { kind: "string", lengthMax: 256 },
  aliasName: {
    kind: "string",
    isRequired: true,
    lengthMin: 1,
    lengthMax: 80,
    pattern: aliasPattern,
  },
  aliasDescription: { kind: "string", lengthMax: 256 },
  routingConfiguration: {
    kind: "list",
    lengthMin: 1,
    lengthMax: 2,
    member: {
      kind: "structure",
      name: "RoutingConfigurationListItem",
      fields: {
        stateMachineVersionArn: { kind: "string", isRequired: true, lengthMin: 1, lengthMax: 256 },
        weight: { kind: "integer", isRequired: true, min: 0, max: 100 },
      },
    },
  },
  stateMachineType: { kind: "string", values: ["STANDARD", "EXPRESS"] },
  includedData: { kind: "string", values: ["ALL_DATA", "METADATA_ONLY"] },
  boolean: { kind: "boolean" },
  tags: {
    kind: "list",
    member: {
      kind: "structure",
      fields: {
        key: { kind: "string", lengthMin: 1, lengthMax: 128 },
        value: { kind: "string", lengthMax: 256 },
      },
    },
  },
  tagKeys: {
    kind: "list",
    isRequired: true,
    member: { kind: "string", lengthMin: 1, lengthMax: 128 },
  },
  loggingConfiguration: {
    kind: "structure",
    fields: {
      level: { kind: "string", values: ["ALL", "ERROR", "FATAL", "OFF"] },
      includeExecutionData: { kind: "boolean" },
      destinations: {
        kind: "list",
        member: {
          kind: "structure",
          fields: {
            cloudWatchLogsLogGroup: {
              kind: "structure",
              fields: { logGroupArn: { kind: "string", lengthMin: 1, lengthMax: 256 } },
            },
          },
        },
      },
    },
  },
  tracingConfiguration: { kind: "structure", fields: { enabled: { kind: "boolean" } } },
  encryptionConfiguration: {
    kind: "structure",
    fields: {
      kmsKeyId: { kind: "string", lengthMin: 1, lengthMax: 2_048 },
      kmsDataKeyReusePeriodSeconds: { kind: "integer", min: 60, max: 900 },
      type: {
        kind: "string",
        isRequired: true,
        values: ["AWS_OWNED_KEY", "CUSTOMER_MANAGED_KMS_KEY"],
      },
    },
  },
} as const satisfies Record<string, Field>;

/** A page as AWS counts it: 0 or absent is 100. */
export const pageSizeOf = (maxResults: number | undefined) =>
  maxResults === undefined || maxResults === 0 ? 100 : maxResults;
