import { AwsError } from "../aws-error.ts";
import type { Operation, Operations } from "../operation.ts";

/** Operations of the API that this version does not have yet: they say so and change nothing. */
const names = ["DescribeMapRun", "ListMapRuns", "UpdateMapRun"] as const;

export const laterOperations: Operations = Object.fromEntries(
  names.map((name) => [name, refuseLater(name)]),
);

function refuseLater(name: string): Operation {
  return () => Promise.reject(notYet(`the operation ${name}`));
}

/** What comes in a later version, as a refusal. */
export const notYet = (what: string) =>
  new AwsError("NotImplemented", `${what} is not supported yet; it comes in a later version`);
