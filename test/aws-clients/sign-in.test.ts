import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { TestAwsDoor } from "../support/aws-door.ts";
import { fakeEngine } from "../support/fake-engine.ts";
import { clients, type ClientKind } from "./support/clients.ts";
import { refusalOf, type ClientOptions } from "./support/aws-client.ts";

const accessKeyId = "AKIAIOSFODNN7EXAMPLE";
const secretAccessKey = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
const key = { accessKeyId, secretAccessKey };
const kinds = clients(inject("python"));

let door: TestAwsDoor;
beforeAll(async () => {
  door = await TestAwsDoor.open(fakeEngine(), undefined, {
    awsSignIn: "static",
    awsAccessKeys: `OTHER:secret,${accessKeyId}:${secretAccessKey}`,
  });
});
afterAll(() => door.close());

/** How the server answers a client that was opened so. */
async function answerTo(
  { open }: ClientKind,
  options: Omit<ClientOptions, "endpoint">,
): Promise<string> {
  const client = await open({ endpoint: door.endpoint, ...options });
  try {
    // More than ASCII in the body.
    return await refusalOf(client.call("CreateActivity", { name: "prüfen-🦀" }));
  } finally {
    await client.close();
  }
}

const wrongSignature = /^InvalidSignatureException: The request signature we calculated does not/;

describe.each(kinds)("$name", (kind) => {
  test.skipIf(kind.missing).each([
    { what: "the right key", options: key, expected: /^no refusal$/ },
    {
      what: "the right key with a session token",
      options: { ...key, sessionToken: "any/token+==" },
      expected: /^no refusal$/,
    },
    {
      what: "a wrong secret",
      options: { ...key, secretAccessKey: "guess" },
      expected: wrongSignature,
    },
    {
      what: "an unknown key",
      options: { ...key, accessKeyId: "AKIAUNKNOWN" },
      expected:
        /^UnrecognizedClientException: The security token included in the request is invalid\.$/,
    },
  ])("$what: $expected", async ({ options, expected }) => {
    expect(await answerTo(kind, options)).toMatch(expected);
  });
});

describe.each(kinds.filter(({ name }) => name !== "AWS CLI"))("$name", (kind) => {
  test.skipIf(kind.missing)("a body that was changed on the way is refused", async () => {
    expect(await answerTo(kind, { ...key, isTampering: true })).toMatch(wrongSignature);
  });
});

test.skipIf(kinds[1]!.missing)("boto3 with a clock 20 minutes behind is refused", async () => {
  expect(await answerTo(kinds[1]!, { ...key, clockSkewSeconds: -1_200 })).toMatch(
    /^InvalidSignatureException: Signature expired: /,
  );
});

test.each([-1_200, 1_200])(
  "@aws-sdk/client-sfn with a clock %i seconds ahead learns the time from the refusal",
  async (seconds) => {
    const { stdout } = await promisify(execFile)(process.execPath, [
      "--input-type=module",
      "--eval",
      `const now = Date.now;
       Date.now = () => now() + ${seconds * 1_000};
       const { SFN } = await import("@aws-sdk/client-sfn");
       const client = new SFN(${JSON.stringify({ endpoint: door.endpoint, region: "us-east-1", credentials: key })});
       console.log(JSON.stringify((await client.listActivities()).$metadata));`,
    ]);
    expect(JSON.parse(stdout)).toMatchObject({ httpStatusCode: 200, attempts: 2 });
  },
);
