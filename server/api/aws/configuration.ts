import type { Labels } from "../../engine/engine.ts";
import { AwsError } from "./aws-error.ts";
import type { fields } from "./fields.ts";
import type { InputOf } from "./shape.ts";

type Settings = InputOf<{
  readonly logging: typeof fields.loggingConfiguration;
  readonly tracing: typeof fields.tracingConfiguration;
  readonly encryption: typeof fields.encryptionConfiguration;
  readonly tags: typeof fields.tags;
}>;

/**
 * The logging configuration as it is kept and shown: with AWS's defaults. Nothing is written to
 * CloudWatch Logs; the setting is checked, kept and echoed.
 * @throws AwsError InvalidLoggingConfiguration
 */
export function loggingOf(given: Settings["logging"] = {}): object {
  const { level = "OFF", includeExecutionData = false, destinations } = given;
  const count = destinations?.length ?? 0;
  if (count > 1 || (level !== "OFF" && count !== 1)) {
    throw new AwsError(
      "InvalidLoggingConfiguration",
      "Invalid Logging Configuration: Must specify exactly one Log Destination.",
    );
  }
  return { level, includeExecutionData, ...(destinations !== undefined && { destinations }) };
}

/** The tracing configuration as it is kept and shown. */
export function tracingOf(given: Settings["tracing"] = {}): object {
  return { enabled: given.enabled ?? false };
}

/**
 * The encryption configuration as it is kept; absent when none was given.
 * @throws AwsError InvalidEncryptionConfiguration: there is no key service here
 */
export function encryptionOf(given: Settings["encryption"]): object | undefined {
  if (given === undefined) return undefined;
  if (
    given.type !== "AWS_OWNED_KEY" ||
    given.kmsKeyId !== undefined ||
    given.kmsDataKeyReusePeriodSeconds !== undefined
  ) {
    throw new AwsError(
      "InvalidEncryptionConfiguration",
      "Invalid Encryption Configuration: 'customer managed keys are not supported; the type must be AWS_OWNED_KEY, without a key'",
    );
  }
  return { type: given.type };
}

/** Tags as labels: of two with one key, the later one. */
export function labelsOf(tags: NonNullable<Settings["tags"]>): Labels {
  return Object.fromEntries(tags.map(({ key = "", value = "" }) => [key, value]));
}
