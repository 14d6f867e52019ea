import { expect, test } from "vitest";
import { Arns } from "../../server/engine/arns.ts";
import { EngineError } from "../../server/engine/errors.ts";
import { deriveExecutionId, newUuidV7 } from "../../server/engine/ids.ts";
import { checkName } from "../../server/engine/names.ts";
import { PageTokens, pageSizeOf } from "../../server/engine/page-token.ts";

const arns = new Arns({ region: "us-east-1", accountId: "000000000000" });
const prefix = "arn:aws:states:us-east-1:000000000000";

function refusal(action: () => unknown): EngineError {
  try {
    action();
  } catch (error) {
    if (error instanceof EngineError) return error;
    throw error;
  }
  throw new Error("was not refused");
}

test.each([
  "a",
  "A-b_c.d",
  "name(with)!punctuation'=@+",
  "Größe",
  "名前",
  "x".repeat(80),
  "a..b",
  "emoji-\u{1F600}",
])("%j is a name", (name) => {
  expect(() => checkName(name)).not.toThrow();
});

test.each([
  { name: "", problem: "is empty; a name has 1 to 80 characters" },
  { name: "x".repeat(81), problem: "has 81 characters; the limit is 80" },
  { name: "x".repeat(40_000), problem: "has 40000 characters; the limit is 80" },
  { name: "a b", problem: "has the character U+0020 at position 2, which names may not have" },
  { name: "a/b", problem: "has the character U+002F at position 2, which names may not have" },
  { name: "a*", problem: "has the character U+002A at position 2, which names may not have" },
  { name: "a\u0000", problem: "has the character U+0000 at position 2, which names may not have" },
  { name: "a\nb", problem: "has the character U+000A at position 2, which names may not have" },
  {
    name: "\u202eevil",
    problem: "has the character U+202E at position 1, which names may not have",
  },
  { name: "a\u200bb", problem: "has the character U+200B at position 2, which names may not have" },
  { name: "\ud800", problem: "has the character U+D800 at position 1, which names may not have" },
  {
    name: "x'; drop table--",
    problem: "has the character U+003B at position 3, which names may not have",
  },
])("the name $name is refused: $problem", ({ name, problem }) => {
  const error = refusal(() => checkName(name, "state_machine.name"));
  expect(error).toMatchObject({
    code: "InvalidName",
    reason: "NAME_INVALID",
    details: { violations: [{ field: "state_machine.name", description: problem }] },
  });
  expect(error.message.length).toBeLessThan(150);
});

test.each(Array.from('<>{}[]?*"#%\\^|~`$&,;:/ \t\u001f\u007f\u0085\u009f'))(
  "AWS's forbidden character %j is refused in AWS's words",
  (character) => {
    const error = refusal(() => checkName(`activity${character}name`));
    expect(error.message).toBe(`Invalid Name: 'activity${character}name'`);
  },
);

test("ARNs are built as AWS builds them", () => {
  expect(arns.stateMachine("orders")).toBe(`${prefix}:stateMachine:orders`);
  expect(arns.activity("pack")).toBe(`${prefix}:activity:pack`);
  expect(arns.execution({ name: "orders", type: "STANDARD" }, "one", "id")).toBe(
    `${prefix}:execution:orders:one`,
  );
  expect(arns.execution({ name: "orders", type: "EXPRESS" }, "one", "id")).toBe(
    `${prefix}:express:orders:one:id`,
  );
});

test("a machine is named by its bare name or its ARN, an execution by its ARN or machine/name", () => {
  expect(arns.parseStateMachine("orders")).toBe("orders");
  expect(arns.parseStateMachine(`${prefix}:stateMachine:orders`)).toBe("orders");
  expect(arns.parseActivity(`${prefix}:activity:pack`)).toBe("pack");
  const named = { stateMachineName: "orders", name: "one" };
  for (const reference of [`${prefix}:execution:orders:one`, "orders/one"])
    expect(arns.parseExecution(reference)).toEqual({
      ...named,
      candidates: [deriveExecutionId("orders", "one")],
    });
});

test("of EXPRESS executions of one name the ARN says which", () => {
  const id = newUuidV7(0);
  expect(arns.parseExecution(`${prefix}:express:orders:one:${id}`).candidates).toEqual([id]);
  expect(refusal(() => arns.parseExecution(`${prefix}:express:orders:one:id`)).code).toBe(
    "ExecutionDoesNotExist",
  );
});

test.each([
  ["orders", { name: "orders" }],
  ["orders:7", { name: "orders", qualifier: 7 }],
  ["orders:live", { name: "orders", qualifier: "live" }],
  // No version has such a number; alias names are not digits only, so it names nothing.
  ["orders:07", { name: "orders", qualifier: "07" }],
  ["orders:4294967296", { name: "orders", qualifier: "4294967296" }],
  [`${prefix}:stateMachine:orders`, { name: "orders" }],
  [`${prefix}:stateMachine:orders:7`, { name: "orders", qualifier: 7 }],
  [`${prefix}:stateMachine:orders:v.1`, { name: "orders", qualifier: "v.1" }],
])("%s names a machine, one of its versions or one of its aliases", (reference, expected) => {
  expect(arns.parseQualified(reference)).toEqual(expected);
});

const elsewhere = "arn:aws:states:eu-west-1:000000000000";
test.each([
  {
    given: "no:such:arn",
    kind: "stateMachine",
    message: "Invalid Arn: 'Invalid ARN prefix: no:such:arn'",
  },
  { given: "orders:7", kind: "stateMachine", message: "State Machine Does Not Exist: 'orders:7'" },
  { given: "orders:", kind: "stateMachine", message: "State Machine Does Not Exist: 'orders:'" },
  {
    given: `${prefix}:express:a:b:c`,
    kind: "stateMachine",
    message: "Invalid Arn: 'Resource type not valid in this context: express'",
  },
  {
    given: `${prefix}:stateMachine:`,
    kind: "stateMachine",
    message: `Invalid Arn: 'Resource name is missing: ${prefix}:stateMachine:'`,
  },
  {
    given: "arn:aws:iam::000000000000:role/x",
    kind: "stateMachine",
    message: "Invalid Arn: 'Service name not valid in this context: iam'",
  },
  {
    given: `${elsewhere}:stateMachine:a`,
    kind: "stateMachine",
    message: `State Machine Does Not Exist: '${elsewhere}:stateMachine:a'`,
  },
  {
    given: `${prefix}:stateMachine:a:2`,
    kind: "stateMachine",
    message: `State Machine Does Not Exist: '${prefix}:stateMachine:a:2'`,
  },
  { given: "no:arn", kind: "activity", message: "Invalid Arn: 'Invalid ARN prefix: no:arn'" },
  {
    given: `${elsewhere}:activity:a`,
    kind: "activity",
    message: `Activity Does Not Exist: '${elsewhere}:activity:a'`,
  },
  { given: "no:arn", kind: "execution", message: "Invalid Arn: 'Invalid ARN prefix: no:arn'" },
  {
    given: `${prefix}:stateMachine:a`,
    kind: "execution",
    message: "Invalid Arn: 'Resource type not valid in this context: stateMachine'",
  },
  {
    given: `${prefix}:execution:a`,
    kind: "execution",
    message: `Invalid Arn: 'Invalid ARN: ${prefix}:execution:a'`,
  },
  { given: "neither", kind: "execution", message: "Execution Does Not Exist: 'neither'" },
  { given: "a/b/c", kind: "execution", message: "Execution Does Not Exist: 'a/b/c'" },
] as const)("$given is no $kind here: $message", ({ given, kind, message }) => {
  const parse = {
    stateMachine: () => arns.parseStateMachine(given),
    activity: () => arns.parseActivity(given),
    execution: () => arns.parseExecution(given),
  };
  expect(refusal(parse[kind]).message).toBe(message);
});

test("a page token opens for its own list and filters, and gives back the position", () => {
  const tokens = new PageTokens(Buffer.alloc(32, 7));
  const query = { list: "Executions", status: "FAILED", machine: undefined };
  const token = tokens.seal(query, ["1700000000000000", "id"]);
  expect(tokens.open(query, token)).toEqual(["1700000000000000", "id"]);
  expect(tokens.open({ machine: undefined, status: "FAILED", list: "Executions" }, token)).toEqual([
    "1700000000000000",
    "id",
  ]);
  expect(tokens.open(query, undefined)).toBeUndefined();
  expect(token.length).toBeLessThan(200);
});

const sealed = new PageTokens(Buffer.alloc(32, 7)).seal({ list: "Executions", status: "FAILED" }, [
  "x",
]);
test.each([
  { name: "garbage", token: "garbage" },
  { name: "spaces", token: "   " },
  {
    name: "another filter's",
    token: new PageTokens(Buffer.alloc(32, 7)).seal({ list: "Executions", status: "RUNNING" }, [
      "x",
    ]),
  },
  {
    name: "another list's",
    token: new PageTokens(Buffer.alloc(32, 7)).seal({ list: "History", status: "FAILED" }, ["x"]),
  },
  {
    name: "another database's",
    token: new PageTokens(Buffer.alloc(32, 8)).seal({ list: "Executions", status: "FAILED" }, [
      "x",
    ]),
  },
  { name: "a changed", token: `${sealed.slice(0, -2)}${sealed.endsWith("A") ? "BA" : "AA"}` },
  { name: "a padded", token: `${sealed}=` },
  { name: "a cut", token: sealed.slice(0, 10) },
  { name: "a long", token: sealed.repeat(100) },
])("$name token is refused with PAGE_TOKEN", ({ token }) => {
  const tokens = new PageTokens(Buffer.alloc(32, 7));
  const error = refusal(() => tokens.open({ list: "Executions", status: "FAILED" }, token));
  expect(error).toMatchObject({ code: "InvalidToken", reason: "PAGE_TOKEN" });
});

test.each([
  [undefined, 100],
  [0, 100],
  [1, 1],
  [1_000, 1_000],
  [1e9, 1_000],
])("a page asked for with size %s has %i items", (asked, size) => {
  expect(pageSizeOf(asked)).toBe(size);
});

test.each([-1, 1.5, Number.NaN])("page size %s is refused", (asked) => {
  expect(refusal(() => pageSizeOf(asked))).toMatchObject({
    code: "ValidationException",
    reason: "PAGE_SIZE",
  });
});
