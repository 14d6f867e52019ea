import { afterAll, beforeAll, expect, test } from "vitest";
import { createLog } from "../../../server/observe/log.ts";
import { startApi, testConfig } from "../../support/api-server.ts";
import { TestAwsDoor } from "../../support/aws-door.ts";
import { fakeEngine } from "../../support/fake-engine.ts";

let door: TestAwsDoor;
let logged = "";

beforeAll(async () => {
  const log = createLog("trace", { write: (line: string) => void (logged += line) });
  const settings = { awsSignIn: "static", awsAccessKeys: "AKIA:canary" } as const;
  door = await TestAwsDoor.open(fakeEngine(), log, settings);
});
afterAll(() => door.close());

/** `20261123T040000Z`, as far from now. */
const basicFormat = (minutesAhead = 0) =>
  new Date(Date.now() + minutesAhead * 60_000).toISOString().replaceAll(/[-:]|\.\d+/g, "");
const now = basicFormat();
const day = now.slice(0, 8);

const signed = "host;x-amz-date;x-amz-target";
const authorization = (parameters: Readonly<Record<string, string>> = {}) => {
  const all = {
    Credential: `AKIA/${day}/us-east-1/states/aws4_request`,
    SignedHeaders: signed,
    Signature: "0".repeat(64),
    ...parameters,
  };
  const given = Object.entries(all).filter(([, value]) => value !== "");
  return `AWS4-HMAC-SHA256 ${given.map(([name, value]) => `${name}=${value}`).join(", ")}`;
};

async function refusal(headers: Readonly<Record<string, string>>): Promise<string> {
  const { status, body } = await door.call(
    "ListActivities",
    {},
    {
      headers: {
        "content-type": "application/x-amz-json-1.0",
        "x-amz-target": "AWSStepFunctions.ListActivities",
        ...headers,
      },
    },
  );
  return `${status} ${String(body["__type"])}: ${String(body["message"])}`;
}

const wrongSignature =
  "400 InvalidSignatureException: The request signature we calculated does not match the signature you provided. " +
  "Check your AWS Secret Access Key and signing method. Consult the service documentation for details.";

test.each([
  {
    what: "nothing",
    headers: {},
    refused: "400 MissingAuthenticationTokenException: Request is missing Authentication Token",
  },
  {
    what: "another scheme",
    headers: { authorization: "Bearer canary" },
    refused: "400 MissingAuthenticationTokenException: Request is missing Authentication Token",
  },
  {
    what: "a scheme alone",
    headers: { authorization: "AWS4-HMAC-SHA256" },
    refused:
      "400 IncompleteSignatureException: Authorization header requires 'Credential' parameter. " +
      "Authorization header requires 'Signature' parameter. Authorization header requires 'SignedHeaders' parameter. " +
      "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. Authorization=AWS4-HMAC-SHA256",
  },
  {
    what: "a date in words",
    headers: { authorization: authorization(), "x-amz-date": "today" },
    refused:
      "400 IncompleteSignatureException: Date must be in ISO-8601 'basic format'. Got 'today'. See http://en.wikipedia.org/wiki/ISO_8601",
  },
  {
    what: "a date that is none",
    headers: { authorization: authorization(), "x-amz-date": "20261399T040000Z" },
    refused:
      "400 IncompleteSignatureException: Date must be in ISO-8601 'basic format'. Got '20261399T040000Z'. See http://en.wikipedia.org/wiki/ISO_8601",
  },
  {
    what: "an unsigned Host",
    headers: { authorization: authorization({ SignedHeaders: "x-amz-date" }), "x-amz-date": now },
    refused:
      "400 InvalidSignatureException: 'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.",
  },
  {
    what: "an unsigned target",
    headers: {
      authorization: authorization({ SignedHeaders: "host;x-amz-date" }),
      "x-amz-date": now,
    },
    refused:
      "400 InvalidSignatureException: 'X-Amz-Target' must be a 'SignedHeader' in the AWS Authorization.",
  },
  {
    what: "another algorithm",
    headers: {
      authorization: authorization().replace("SHA256", "SHA1"),
      "x-amz-date": now,
    },
    refused:
      "400 IncompleteSignatureException: Unsupported AWS 'algorithm': 'AWS4-HMAC-SHA1' (only AWS4-HMAC-SHA256 for now). ",
  },
  {
    what: "a credential without scope",
    headers: { authorization: authorization({ Credential: "AKIA" }), "x-amz-date": now },
    refused:
      "400 IncompleteSignatureException: Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got 'AKIA'",
  },
  {
    what: "a scope of another service, day and end",
    headers: {
      authorization: authorization({ Credential: "AKIA/20200101/us-east-1/s3/aws5_request" }),
      "x-amz-date": now,
    },
    refused:
      "400 InvalidSignatureException: Credential should be scoped to correct service: 'states'. " +
      "Credential should be scoped with a valid terminator: 'aws4_request', not 'aws5_request'. " +
      `Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '20200101' != '${day}', from '${now}'.`,
  },
  {
    what: "an unknown key",
    headers: {
      authorization: authorization({ Credential: `AKIB/${day}/eu-west-1/states/aws4_request` }),
      "x-amz-date": now,
    },
    refused:
      "400 UnrecognizedClientException: The security token included in the request is invalid.",
  },
  {
    what: "a signature of the right length",
    headers: { authorization: authorization(), "x-amz-date": now },
    refused: wrongSignature,
  },
  {
    what: "a signature of another length",
    headers: { authorization: authorization({ Signature: "ü" }), "x-amz-date": now },
    refused: wrongSignature,
  },
  {
    what: "the digest of another body",
    headers: {
      authorization: authorization(),
      "x-amz-date": now,
      "x-amz-content-sha256": "UNSIGNED-PAYLOAD",
    },
    refused: wrongSignature,
  },
])("$what is refused: $refused", async ({ headers, refused }) => {
  expect(await refusal(headers as Record<string, string>)).toBe(refused);
});

test.each([
  [
    -16,
    /^400 InvalidSignatureException: Signature expired: \w+ is now earlier than \w+ \(\w+ - 15 min\.\)$/,
  ],
  [
    16,
    /^400 InvalidSignatureException: Signature not yet current: \w+ is still later than \w+ \(\w+ \+ 15 min\.\)$/,
  ],
  [-14, /^400 InvalidSignatureException: The request signature we calculated does not match/],
  [14, /^400 InvalidSignatureException: The request signature we calculated does not match/],
])("a date %i minutes from now: %s", async (minutes, refused) => {
  const date = basicFormat(minutes);
  const Credential = `AKIA/${date.slice(0, 8)}/us-east-1/states/aws4_request`;
  expect(
    await refusal({ authorization: authorization({ Credential }), "x-amz-date": date }),
  ).toMatch(refused);
});

test("no secret gets into the log", () => {
  expect(logged).not.toContain("canary");
});

test.each([
  { host: "127.0.0.1", awsSignIn: "off", warned: false },
  // Not known to be this machine only, although it is.
  { host: "127.1", awsSignIn: "off", warned: true },
  { host: "127.1", awsSignIn: "static", warned: false },
] as const)("$host with $awsSignIn starts with a warning: $warned", async (given) => {
  let lines = "";
  const { host, awsSignIn, warned } = given;
  const log = createLog("warn", { write: (line: string) => void (lines += line) });
  const config = { ...testConfig, host, awsSignIn, awsAccessKeys: "AKIA:canary" };
  await using _server = await startApi({ config, log });
  expect(lines.includes("anybody who reaches this address can use this server")).toBe(warned);
});
