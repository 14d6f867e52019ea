/** ASL § Task State. */
import type { Json, JsonObject } from "../../json.ts";
import { isObject } from "../../json.ts";
import type { At, Check } from "../fields.ts";
import { checkExclusive, clip, inside, integer, path, report, template, text } from "../fields.ts";
import { isKnownIntegration } from "../optimized-integrations.ts";
import { classifyResource, patternOf } from "../resource.ts";
import type { StateRule } from "../state-rule.ts";
import { catchers, retry } from "./retry-catch.ts";
import { queries, queryOr } from "../query-fields.ts";

/** Characters that a Resource may have. */
export const resourceLengthMax = 1_024;

const resource: Check = (value, at) => {
  if (typeof value !== "string") return text(value, at);
  if (value === "") return report(at, "RESOURCE_INVALID", "Value cannot be empty");
  if (value.length > resourceLengthMax) {
    return report(
      at,
      "RESOURCE_INVALID",
      `Resource is ${value.length} characters; the limit is ${resourceLengthMax}`,
    );
  }
  if (/[\p{Cc}\p{Zl}\p{Zp}]/u.test(value) || value.trim() !== value) {
    return report(
      at,
      "RESOURCE_INVALID",
      "Resource has a control character, or a space at its start or end",
    );
  }
  checkKind(value, at);
};

function checkKind(value: string, at: At): void {
  const found = classifyResource(value);
  const isExpress = at.machine.type === "EXPRESS";
  if (found.kind === "Activity" && isExpress) {
    report(at, "EXPRESS_UNSUPPORTED", "Express state machine does not support Activity ARN");
  }
  if (found.kind === "Service" && !isKnownIntegration(found.resourceType, found.resource)) {
    const reason =
      "The value is not a valid resource ARN, or the resource is not available in this region.";
    report(
      at,
      "RESOURCE_INVALID",
      `The resource provided ${clip(value)} is not recognized. ${reason}`,
    );
  }
  const pattern = patternOf(found);
  if (isExpress && pattern !== "RequestResponse") {
    // AWS's text for the callback pattern ends in a space.
    const end = pattern === "waitForTaskToken" ? " " : "";
    const message = `Express state machine does not support '.${pattern}' service integration${end}`;
    report(at, "EXPRESS_UNSUPPORTED", message);
  }
}

const credentials: Check = (value, at) => {
  if (isObject(value)) requireField(value, "RoleArn", at);
};

function requireField(value: JsonObject, name: string, at: At): void {
  if (Object.hasOwn(value, name) || Object.hasOwn(value, `${name}.$`)) return;
  report(at, "MISSING_FIELD", `The field '${name}' is required but was missing`);
}

const jsonPathCredentials: Check = (value, at) => {
  credentials(value, at);
  template(value, at);
};

const queriedCredentials: Check = (value, at) => {
  credentials(value, at);
  queries(value, at);
};

const common = { Resource: resource, Retry: retry, Catch: catchers };

export const taskRule: StateRule = {
  fields: {
    ...common,
    Parameters: template,
    ResultSelector: template,
    Credentials: jsonPathCredentials,
    TimeoutSeconds: integer(1),
    TimeoutSecondsPath: path,
    HeartbeatSeconds: integer(1),
    HeartbeatSecondsPath: path,
  },
  jsonataFields: {
    ...common,
    Arguments: queries,
    Output: queries,
    Credentials: queriedCredentials,
    TimeoutSeconds: queryOr(integer(1)),
    HeartbeatSeconds: queryOr(integer(1)),
  },
  paths: ["InputPath", "OutputPath", "ResultPath"],
  required: ["Resource"],
  transition: "NextOrEnd",
  check: (state, at) => {
    checkExclusive(state, ["TimeoutSeconds", "TimeoutSecondsPath"], at);
    checkExclusive(state, ["HeartbeatSeconds", "HeartbeatSecondsPath"], at);
    checkHeartbeat(state, at);
    checkArguments(state, at);
  },
};

function checkHeartbeat(
  { HeartbeatSeconds, TimeoutSeconds }: { readonly [key: string]: Json },
  at: At,
): void {
  if (typeof HeartbeatSeconds !== "number" || typeof TimeoutSeconds !== "number") return;
  if (HeartbeatSeconds < TimeoutSeconds) return;
  const message = `HeartbeatSeconds is ${HeartbeatSeconds}; it must be below TimeoutSeconds, ${TimeoutSeconds}`;
  report(inside(at, "HeartbeatSeconds"), "FIELD_RANGE", message);
}

/** What a function's or an execution's task can not do without. */
function checkArguments(state: JsonObject, at: At): void {
  const { Resource } = state;
  if (typeof Resource !== "string") return;
  const found = classifyResource(Resource);
  const isInvoke = found.queue === undefined;
  if (!isInvoke && found.queue !== "states:startExecution") return;
  for (const name of ["Parameters", "Arguments"]) {
    const value = state[name];
    if (!isObject(value)) continue;
    const place = inside(at, name);
    const required = isInvoke ? "FunctionName" : "StateMachineArn";
    requireField(value, required, place);
    if (value[required] !== undefined) text(value[required], inside(place, required));
  }
}
