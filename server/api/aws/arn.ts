import { AwsError } from "./aws-error.ts";

/** What an ARN of this service may name: `arn:<partition>:states:<region>:<account>:<kind>:<name>`. */
export type ArnKind = "stateMachine" | "execution" | "activity" | "mapRun";

/**
 * Checks that a text is an ARN of the kind an operation takes; the engine would take names and ids,
 * too. Whether what it names exists is the engine's to say.
 * @throws AwsError InvalidArn
 */
export function checkArn(arn: string, kind: ArnKind): void {
  checkArnPrefix(arn);
  const [, , service, , , arnKind] = arn.split(":");
  if (service !== "states")
    throw invalidArn(`Service name not valid in this context: ${service ?? ""}`);
  if (arnKind !== kind)
    throw invalidArn(`Resource type not valid in this context: ${arnKind ?? ""}`);
}

/** Any ARN at all, such as a role's. @throws AwsError InvalidArn */
export function checkArnPrefix(arn: string): void {
  if (!arn.startsWith("arn:")) throw invalidArn(`Invalid ARN prefix: ${arn}`);
}

const invalidArn = (reason: string) => new AwsError("InvalidArn", `Invalid Arn: '${reason}'`);
