/** Whether a mocked result is one that the state could have. */
import { isArray, isObject } from "../json.ts";
import { jsonIn } from "./check-test.ts";
import { InvalidTest } from "./state-test.ts";
import type { Isolated } from "./isolate.ts";
import type { StateTest } from "./state-test.ts";

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
  }
}
