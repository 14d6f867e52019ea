import type { Scenario } from "../support/stage.ts";
import { calls } from "./calls.ts";
import { failures } from "./failures.ts";
import { interop } from "./interop.ts";
import { networks } from "./networks.ts";
import { payloads } from "./payloads.ts";
import { sessions } from "./sessions.ts";
import { tasks } from "./tasks.ts";

/** Everything that an SDK has to pass, in the order of the table. */
export const scenarios: readonly Scenario[] = [
  ...tasks,
  ...failures,
  ...payloads,
  ...sessions,
  ...networks,
  ...calls,
  ...interop,
];
