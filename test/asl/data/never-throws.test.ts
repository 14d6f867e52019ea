import fc from "fast-check";
import { expect, test } from "vitest";
import {
  compileIntrinsic,
  IntrinsicSyntaxError,
} from "../../../server/asl/data/intrinsics/index.ts";
import { compileJsonPath, PathSyntaxError } from "../../../server/asl/data/json-path.ts";
import { invalidPath } from "../../../server/asl/data/path-expression.ts";
import {
  checkPayload,
  compileDefinition,
  parseJson,
  stringifyJson,
} from "../../../server/asl/index.ts";
import { StatesError } from "../../../server/asl/states-error.ts";
import { evaluation } from "../../support/asl/evaluation.ts";

const input = parseJson(
  '{"a":[{"b":1},{"b":"x","c":[null,true]}],"__proto__":{"d":12345678901234567890}}',
);
const pieces = [
  "$",
  "$$",
  "@",
  ".",
  "..",
  "[",
  "]",
  "(",
  ")",
  "*",
  "?",
  "?(",
  "'a'",
  "a",
  "b",
  "0",
  "-1",
  ":",
  ",",
  "==",
  "<",
  "&&",
  "!",
  " ",
  "'",
  "\\",
  "length()",
  "States.Format(",
  "States.Array(",
  "'{}'",
  "null",
  "1",
];
const expressions = fc
  .array(fc.constantFrom(...pieces), { maxLength: 12 })
  .map((parts) => parts.join(""));

test("any text is a path or a PathSyntaxError within it, and a path gives JSON or nothing", () => {
  fc.assert(
    fc.property(expressions, (rest) => {
      const text = `$${rest}`;
      try {
        const value = compileJsonPath(text).find(evaluation(input));
        return value === undefined || typeof stringifyJson(value) === "string";
      } catch (error) {
        if (error instanceof PathSyntaxError)
          return error.column >= 1 && error.column <= text.length + 1;
        return error instanceof StatesError;
      }
    }),
    { numRuns: 2_000 },
  );
});

test("any text is an intrinsic function or a syntax error", () => {
  fc.assert(
    fc.property(expressions, (rest) => {
      try {
        return (
          compileIntrinsic(`States.Array(${rest})`, invalidPath).evaluate(evaluation(input)) !==
          undefined
        );
      } catch (error) {
        return [IntrinsicSyntaxError, PathSyntaxError, StatesError].some(
          (kind) => error instanceof kind,
        );
      }
    }),
    { numRuns: 2_000 },
  );
});

test("any JSON, as JSON or as YAML, compiles or is told what is wrong", () => {
  fc.assert(
    fc.property(fc.json({ maxDepth: 4 }), fc.constantFrom("JSON", "YAML"), (text, format) => {
      const { definition, diagnostics } = compileDefinition(text, { format });
      return definition !== undefined || diagnostics.length > 0;
    }),
    { numRuns: 300 },
  );
});

test("what checkPayload accepts, parseJson reads and stringifyJson writes back", () => {
  fc.assert(
    fc.property(fc.json(), (text) => {
      const problem = checkPayload(text, { bytesMax: 262_144 });
      return (
        problem !== undefined || stringifyJson(parseJson(text)) === JSON.stringify(JSON.parse(text))
      );
    }),
    { numRuns: 300 },
  );
  expect(checkPayload("{}", { bytesMax: 2 })).toBeUndefined();
});
