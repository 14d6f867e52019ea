import { connect } from "node:net";
import { text } from "node:stream/consumers";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { operations } from "../../server/api/aws/operations/index.ts";
import type { Field, Shape } from "../../server/api/aws/shape.ts";
import { startRealServer, type Answer, type RealServer } from "./support/real-server.ts";

let server: RealServer;
beforeAll(async () => {
  server = await startRealServer();
  await makeOrders();
});
afterAll(() => server[Symbol.asyncDispose]());

/** What the requests name; some of them delete it. */
async function makeOrders(): Promise<void> {
  const roleArn = "arn:aws:iam::000000000000:role/any";
  const definition = definitions[0];
  await server.aws("CreateStateMachine", { name: "orders", definition, roleArn });
  await server.aws("StartExecution", { stateMachineArn: machineArns[0], name: "one" });
}

/** A field of an operation, where it is in the request, and a request that it belongs to. */
interface Place {
  readonly operation: string;
  readonly path: readonly (string | number)[];
  readonly field: Field;
}

const places = Object.entries(operations).flatMap(([operation, { shape }]) =>
  placesOf(shape).map((place) => ({ operation, ...place })),
);

function placesOf(shape: Shape): Omit<Place, "operation">[] {
  return Object.entries(shape).flatMap(([name, field]) => placesIn(field, [name]));
}

function placesIn(field: Field, path: Place["path"]): Omit<Place, "operation">[] {
  const inner =
    field.kind === "structure"
      ? placesOf(field.fields).map((place) => ({ ...place, path: [...path, ...place.path] }))
      : field.kind === "list"
        ? placesIn(field.member, [...path, 0])
        : [];
  return [{ field, path }, ...inner];
}

/** A request that has nothing but one value at one place. */
function requestWith(path: Place["path"], value: unknown): unknown {
  return path.reduceRight<unknown>(
    (inner, key) => (typeof key === "number" ? [inner] : { [key]: inner }),
    value,
  );
}

/** A value, and the kinds of field that take it. */
const typedValues: readonly (readonly [kinds: readonly Field["kind"][], value: unknown])[] = [
  [["string"], "text"],
  [["integer", "number"], 7],
  [["boolean"], true],
  [["structure"], {}],
  [["list"], []],
];

describe("fields of the AWS door", () => {
  test("a value of another JSON type is a SerializationException, at every place of every operation", async () => {
    const problems = await problemsOf(
      places.flatMap(({ operation, path, field }) =>
        typedValues
          .filter(([kinds]) => !kinds.includes(field.kind))
          .map(([, value]) => ({ operation, body: requestWith(path, value) })),
      ),
      (answer) => answer.status === 400 && answer.body["__type"] === "SerializationException",
    );
    expect(problems).toEqual([]);
  });

  test("a value outside its limits is a ValidationException that names the limit, at every place of every operation", async () => {
    const problems = await problemsOf(
      places.flatMap(({ operation, path, field }) =>
        beyond(field).map((value) => ({ operation, path, body: requestWith(path, value) })),
      ),
      ({ status, body }, { path = [] }) =>
        status === 400 &&
        body["__type"] === "ValidationException" &&
        String(body["message"]).includes(`at '${awsPath(path)}' failed to satisfy constraint:`),
    );
    expect(problems).toEqual([]);
  });

  test("a null is no error of its own, at every place of every operation but in a list", async () => {
    const problems = await problemsOf(
      places
        .filter(({ path }) => typeof path.at(-1) === "string")
        .map(({ operation, path }) => ({ operation, body: requestWith(path, null) })),
      ({ status, body }) => status < 500 && body["__type"] !== "SerializationException",
    );
    expect(problems).toEqual([]);
  });
});

/** As AWS names a place: `tags.1.member.key`. */
const awsPath = (path: Place["path"]) =>
  path.map((key) => (typeof key === "number" ? `${key + 1}.member` : key)).join(".");

/** Values that break a field's constraints by one. */
function beyond(field: Field): unknown[] {
  if (field.kind === "string") {
    const { lengthMin = 0, lengthMax = Infinity, values } = field;
    return [
      ...(lengthMin > 0 ? [""] : []),
      ...(lengthMax < Infinity ? ["x".repeat(lengthMax + 1)] : []),
      ...(values !== undefined ? ["", "nope", values[0]!.toLowerCase()] : []),
    ];
  }
  if (field.kind === "list") {
    const { lengthMin = 0, lengthMax = Infinity, member } = field;
    const one = member.kind === "structure" ? {} : "x";
    return [
      ...(lengthMin > 0 ? [[]] : []),
      ...(lengthMax < Infinity ? [Array.from({ length: lengthMax + 1 }, () => one)] : []),
    ];
  }
  if (field.kind !== "integer" && field.kind !== "number") return [];
  const { min, max } = field;
  return [
    ...(min === undefined ? [] : [min - 1, -1e300]),
    ...(max === undefined ? [] : [max + 1, 1e300]),
  ];
}

interface Call {
  readonly operation: string;
  readonly path?: Place["path"];
  readonly body: unknown;
}

/** The calls whose answer is not as it should be, with what they got. */
async function problemsOf(
  calls: readonly Call[],
  isAsItShould: (answer: Answer, call: Call) => boolean,
): Promise<readonly string[]> {
  expect(calls.length).toBeGreaterThan(0);
  const problems: string[] = [];
  for (const call of calls) {
    const { operation, body } = call;
    const answer = await server.awsFor(2_000, operation, body);
    if (answer !== undefined && !isAsItShould(answer, call)) {
      problems.push(
        `${operation} ${JSON.stringify(body).slice(0, 200)}: ${answer.status} ${JSON.stringify(answer.body)}`,
      );
    }
  }
  return problems;
}

describe("requests to the AWS door", () => {
  const target = (operation: string) => `X-Amz-Target: AWSStepFunctions.${operation}`;
  const list = target("ListActivities");

  test.each([
    ["an unknown target", "{}", [target("Nothing")], "UnknownOperationException"],
    [
      "a target of another service",
      "{}",
      ["X-Amz-Target: DynamoDB.ListTables"],
      "UnknownOperationException",
    ],
    ["two targets", "{}", [list, list], "UnknownOperationException"],
    ["no target", "{}", ["Content-Type: application/x-amz-json-1.0"], "UnknownOperationException"],
    ["half of a JSON text", '{"maxResults":', [list], "SerializationException"],
    ["an array", "[1]", [list], "SerializationException"],
    ["10,000 open brackets", "[".repeat(10_000), [list], "SerializationException"],
    ["bytes that are no UTF-8", Buffer.from([0x7b, 0xff, 0x7d]), [list], "SerializationException"],
    ["half of a character", Buffer.from('"ü"').subarray(0, 2), [list], "SerializationException"],
    ["UTF-16", Buffer.from("{}", "utf16le"), [list], "SerializationException"],
    [
      "a compressed body",
      gzipSync("{}"),
      [list, "Content-Encoding: gzip"],
      "SerializationException",
    ],
    ["a compressed body that says nothing of it", gzipSync("{}"), [list], "SerializationException"],
  ])("%s answers 400 with AWS's type", async (_what, body, headers, type) => {
    const answer = await send(headers, body);
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expect(answer).toMatch(new RegExp(`^x-amzn-ErrorType: ${type}\r$`, "im"));
    expect(answer).toContain(`"__type":"${type}"`);
  });

  test.each([
    [
      "a value below 200,000 brackets that nobody asked for",
      `{"x":${"[".repeat(200_000)}1${"]".repeat(200_000)}}`,
    ],
    ["a key twice: the last one counts", '{"maxResults":"x","maxResults":1}'],
    ["a byte order mark", "\ufeff{}"],
    ["white space only", " \n "],
    ["keys of JavaScript's own", '{"__proto__":{"maxResults":-1},"constructor":1,"toString":null}'],
  ])("%s is served", async (_what, body) => {
    expect(await send([list], body)).toMatch(/^HTTP\/1\.1 200 /);
  });

  test.each(["text/plain", "application/json", "application/x-amz-json-1.1; charset=utf-8", "?"])(
    "a body is JSON, even when its content type is %j",
    async (contentType) => {
      expect(await send([list, `Content-Type: ${contentType}`], "{}")).toMatch(/^HTTP\/1\.1 200 /);
    },
  );

  test("headers of more than 16 KiB answer 431", async () => {
    const answer = await send([list, `X-Filler: ${"x".repeat(20_000)}`], "{}");
    expect(answer).toMatch(/^HTTP\/1\.1 431 /);
  });

  test("a client that asks whether to go on is told so before it sends its body", async () => {
    const socket = connect(server.port, "127.0.0.1");
    socket.write(
      `POST / HTTP/1.1\r\nHost: x\r\n${list}\r\nExpect: 100-continue\r\nContent-Length: 2\r\nConnection: close\r\n\r\n`,
    );
    const asked = await new Promise<Buffer>((resolve) => socket.once("data", resolve));
    expect(String(asked)).toBe("HTTP/1.1 100 Continue\r\n\r\n");
    socket.write("{}");
    expect(await text(socket)).toMatch(/^HTTP\/1\.1 200 /);
  });

  test("bodies that stall, and clients that leave in the middle of one, hold up nobody", async () => {
    const stalled = Array.from({ length: 50 }, () => {
      const socket = connect(server.port, "127.0.0.1").on("error", () => undefined);
      socket.write(`POST / HTTP/1.1\r\nHost: x\r\n${list}\r\nContent-Length: 100\r\n\r\n{`);
      return socket;
    });
    const startedAtMs = performance.now();
    expect((await server.aws("ListActivities", {})).status).toBe(200);
    expect(performance.now() - startedAtMs).toBeLessThan(2_000);
    for (const socket of stalled) socket.destroy();
    expect((await server.aws("ListActivities", {})).status).toBe(200);
  });

  /** One request on a connection of its own. @returns the whole answer */
  function send(headers: readonly string[], body: string | Buffer): Promise<string> {
    const socket = connect(server.port, "127.0.0.1");
    const head = ["POST / HTTP/1.1", "Host: x", "Connection: close", ...headers];
    socket.write(`${head.join("\r\n")}\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n`);
    socket.write(body);
    return text(socket);
  }
});

const arn = (resource: string) => `arn:aws:states:us-east-1:000000000000:${resource}`;
const machineArns = ["orders", "orders:1", "orders:live", "quick", "nope", "\0"].map((name) =>
  arn(`stateMachine:${name}`),
);
const jsonTexts = ["{}", "7", '"\\u0000"', '"\\ud800"', "1e999", '{"a":', "[".repeat(5_000)];
const definitions = [
  '{"StartAt":"A","States":{"A":{"Type":"Pass","End":true}}}',
  '{"StartAt":"A","States":{"A":{"Type":"Task","Resource":"a","End":true}}}',
  "{}",
  "[".repeat(5_000),
];

/** What fields of these names take, so that requests get past the checks of their fields. */
const likely: Readonly<Record<string, readonly string[]>> = {
  stateMachineArn: machineArns,
  stateMachineVersionArn: machineArns,
  stateMachineAliasArn: machineArns,
  resourceArn: [...machineArns, arn("activity:a")],
  activityArn: [arn("activity:a"), arn("activity:nope"), "a", "\0"],
  executionArn: [
    "execution:orders:one",
    "execution:orders:nope",
    "express:quick:a:b",
    "execution:\0:\0",
  ].map(arn),
  mapRunArn: [arn("mapRun:orders/M:1")],
  roleArn: ["arn:aws:iam::000000000000:role/any"],
  name: ["orders", "quick", "a", "new", "\ud800", "__proto__"],
  definition: definitions,
  input: jsonTexts,
  output: jsonTexts,
  variables: jsonTexts,
  context: jsonTexts,
};

const anyText = fc.oneof(
  fc.string({ unit: "binary", maxLength: 40 }),
  fc.constantFrom("\0", "\ud800", "__proto__", "x".repeat(300_000)),
);

/** Mostly what the field takes, sometimes anything. */
function valueOf(name: string, field: Field): fc.Arbitrary<unknown> {
  const fitting = (): fc.Arbitrary<unknown> => {
    switch (field.kind) {
      case "string":
        return fc.constantFrom(...(field.values ?? likely[name] ?? ["a", "\0", "7"]));
      case "integer":
        return fc.integer({ min: field.min ?? -1, max: field.max ?? 1_000_000 });
      case "number":
        return fc.double({ min: field.min ?? -1, max: field.max ?? 1_000_000, noNaN: true });
      case "boolean":
        return fc.boolean();
      case "structure":
        return requestOf(field.fields);
      case "list":
        return fc.array(valueOf(name, field.member), { maxLength: 3 });
    }
  };
  return fc.oneof(
    { weight: 40, arbitrary: fitting() },
    { weight: 1, arbitrary: anyText },
    { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 2 }) },
  );
}

function requestOf(shape: Shape): fc.Arbitrary<object> {
  const fields = Object.entries(shape);
  return fc.record(
    Object.fromEntries(fields.map(([name, field]) => [name, valueOf(name, field)])),
    { requiredKeys: fields.flatMap(([name, { isRequired }]) => (isRequired ? [name] : [])) },
  );
}

test("whatever fits the shapes of the operations is answered with 200 or 400 and a type", async () => {
  const names = Object.keys(operations);
  const calls = fc
    .constantFrom(...names)
    .chain((operation) =>
      requestOf(operations[operation]!.shape).map((body) => ({ operation, body })),
    );
  const property = fc
    .asyncProperty(calls, async ({ operation, body }) => {
      // Undefined: a poll, or a synchronous execution that waits.
      const answer = await server.awsFor(200, operation, body);
      if (answer === undefined || answer.status === 200) return;
      expect(answer.status).toBe(400);
      expect(answer.body["__type"]).toMatch(/^[A-Z]\w+$/);
    })
    .beforeEach(makeOrders);
  const options = { numRuns: 600, interruptAfterTimeLimit: 10_000, markInterruptAsFailure: false };
  await fc.assert(property, options);
});

test("nothing of all this was an error of the server", () => {
  expect(server.errors).toEqual([]);
});
