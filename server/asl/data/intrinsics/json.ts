/** ASL § Intrinsics for JSON: StringToJson, JsonToString, JsonMerge. */
import { parseJson, stringifyJson } from "../../json.ts";
import { checkPayload, payloadDepthMax } from "../../check-payload.ts";
import type { Intrinsic } from "./intrinsic.ts";
import { fail, objectArgument, textArgument } from "./intrinsic.ts";

/** A blank text gives null, as on AWS. */
export const stringToJson: Intrinsic = (args) => {
  const text = textArgument(args, 0);
  if (text.trim() === "") return null;
  const problem = checkPayload(text, {
    bytesMax: Number.MAX_SAFE_INTEGER,
    depthMax: payloadDepthMax,
  });
  return problem === undefined ? parseJson(text) : fail(problem.message);
};

export const jsonToString: Intrinsic = (args) => stringifyJson(args[0] ?? null);

/** Keys of the second object win. Only shallow merging exists. */
export const jsonMerge: Intrinsic = (args) => {
  const [left, right] = [objectArgument(args, 0), objectArgument(args, 1)];
  if (args[2] !== false) fail("only shallow merging is supported: argument 3 must be false");
  return { ...left, ...right };
};
