import type { StateMachine } from "@pawl/sdk";

/** A version of a state machine as `--json` prints it. */
export function versionJson(version: StateMachine): object {
  const { name, arn, revisionId, description, createTime } = version;
  return { name, version: version.version, arn, revisionId, description, createTime };
}
