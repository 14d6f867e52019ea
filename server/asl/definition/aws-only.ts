/** What Pawl takes and AWS does not: docs/asl-support.md lists it. Refused on demand. */
import type { JsonObject } from "../json.ts";
import { bodiesOf } from "./bodies.ts";
import type { StatePlace } from "./bodies.ts";
import type { Findings } from "./findings.ts";
import { isAwsResource } from "./resource.ts";
import type { DefinitionFormat } from "./parse.ts";

/** Reports every extension as an error `NOT_AWS`. */
export function refuseExtensions(
  tree: JsonObject,
  format: DefinitionFormat,
  findings: Findings,
): void {
  const refuse = (message: string, pointer: string): void => {
    findings.add({ code: "NOT_AWS", message, pointer });
  };
  if (format === "YAML") refuse("AWS takes definitions in JSON, not in YAML", "");
  if (typeof tree["Version"] === "number")
    refuse("Version is a number; AWS takes a string", "/Version");
  if (Object.hasOwn(tree, "Name")) refuse("AWS has no field Name here", "/Name");
  for (const { states } of bodiesOf(tree)) for (const place of states) refuseInState(place, refuse);
}

function refuseInState(
  { state, pointer }: StatePlace,
  refuse: (message: string, pointer: string) => void,
): void {
  const { Type, Resource } = state;
  if (Type === "Message") refuse("AWS has no Message states", `${pointer}/Type`);
  if (Type === "Task" && typeof Resource === "string" && !isAwsResource(Resource))
    refuse("Resource is a name for workers, not one that AWS knows", `${pointer}/Resource`);
}
