/** ASL § Intrinsic functions: a call in a payload template, compiled once. */
import type { Evaluation } from "../../definition/definition.ts";
import type { Json } from "../../json.ts";
import { StatesError } from "../../states-error.ts";
import type { MissingText, SyncExpression } from "../path-expression.ts";
import {
  arrayContains,
  arrayGetItem,
  arrayLength,
  arrayOf,
  arrayPartition,
  arrayRange,
  arrayUnique,
} from "./array.ts";
import { base64Decode, base64Encode, hash } from "./hash.ts";
import type { IntrinsicFunction } from "./intrinsic.ts";
import { jsonMerge, jsonToString, stringToJson } from "./json.ts";
import { mathAdd, mathRandom } from "./math.ts";
import type { Argument, IntrinsicCall } from "./parse.ts";
import { IntrinsicSyntaxError, parseIntrinsic } from "./parse.ts";
import { format, stringSplit } from "./text.ts";

export { IntrinsicSyntaxError, looksIntrinsic, parseIntrinsic, pathsIn } from "./parse.ts";

const any = Number.POSITIVE_INFINITY;

const functions: ReadonlyMap<string, IntrinsicFunction> = new Map(
  Object.entries({
    "States.Array": { call: arrayOf, arity: [0, any] },
    "States.ArrayContains": { call: arrayContains, arity: [2, 2] },
    "States.ArrayGetItem": { call: arrayGetItem, arity: [2, 2] },
    "States.ArrayLength": { call: arrayLength, arity: [1, 1] },
    "States.ArrayPartition": { call: arrayPartition, arity: [2, 2] },
    "States.ArrayRange": { call: arrayRange, arity: [3, 3] },
    "States.ArrayUnique": { call: arrayUnique, arity: [1, 1] },
    "States.Base64Decode": { call: base64Decode, arity: [1, 1] },
    "States.Base64Encode": { call: base64Encode, arity: [1, 1] },
    "States.Format": { call: format, arity: [1, any] },
    "States.Hash": { call: hash, arity: [2, 2] },
    "States.JsonMerge": { call: jsonMerge, arity: [3, 3] },
    "States.JsonToString": { call: jsonToString, arity: [1, 1] },
    "States.MathAdd": { call: mathAdd, arity: [2, 2] },
    "States.MathRandom": { call: mathRandom, arity: [2, 3] },
    "States.StringSplit": { call: stringSplit, arity: [2, 2] },
    "States.StringToJson": { call: stringToJson, arity: [1, 1] },
    "States.UUID": { call: (_args, turn) => turn.newUuid(), arity: [0, 0] },
  } satisfies Record<string, IntrinsicFunction>),
);

/**
 * @param missing the cause when a path among the arguments names nothing.
 * @throws IntrinsicSyntaxError, PathSyntaxError
 */
export function compileIntrinsic(text: string, missing: MissingText): SyncExpression {
  const run = compileCall(parseIntrinsic(text), missing);
  return {
    text,
    evaluate: (evaluation) => {
      try {
        return run(evaluation);
      } catch (error) {
        if (!(error instanceof StatesError) || error.error !== "States.IntrinsicFailure")
          throw error;
        throw new StatesError(
          error.error,
          `The function '${text}' had the following error: ${error.message}`,
        );
      }
    },
  };
}

type Run = (evaluation: Evaluation) => Json;

function compileCall({ name, arguments: args }: IntrinsicCall, missing: MissingText): Run {
  const found = functions.get(name);
  if (found === undefined)
    throw new IntrinsicSyntaxError("INTRINSIC_SYNTAX", `there is no function ${name}`, 1);
  const [fewest, most] = found.arity;
  if (args.length < fewest || args.length > most) {
    const wanted =
      fewest === most ? `${fewest}` : most === any ? `at least ${fewest}` : `${fewest} to ${most}`;
    throw new IntrinsicSyntaxError(
      "INTRINSIC_SYNTAX",
      `${name} takes ${wanted} arguments, not ${args.length}`,
      1,
    );
  }
  const runs = args.map((argument, i) =>
    compileArgument(argument, missing, name === "States.Format" && i === 0),
  );
  return (evaluation) =>
    found.call(
      runs.map((run) => run(evaluation)),
      evaluation.turn,
    );
}

/** @param isTemplate Format's template keeps its escapes: only there a brace can be one. */
function compileArgument(argument: Argument, missing: MissingText, isTemplate: boolean): Run {
  switch (argument.kind) {
    case "Literal":
      return () => argument.value;
    case "String":
      return () => (isTemplate ? argument.source : argument.value);
    case "Call":
      return compileCall(argument.call, missing);
    case "Path":
      return (evaluation) => {
        const value = argument.path.find(evaluation);
        if (value === undefined)
          throw new StatesError("States.Runtime", missing(argument.path, evaluation));
        return value;
      };
  }
}
