import { createHash, timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { Hash } from "@smithy/hash-node";
import { SignatureV4 } from "@smithy/signature-v4";
import type { Config } from "../../config.ts";
import { AwsError } from "./aws-error.ts";
import { readAuthorization, type Authorization } from "./authorization.ts";

/** Lets a request in, or refuses it. The body is as it was sent. */
export type SignIn = (request: IncomingMessage, body: Buffer) => Promise<void>;

/**
 * The sign-in of the AWS door: anybody with `off`; with `static` whoever signs with one of the
 * configured access keys (Signature Version 4 in the Authorization header). What AWS checks is checked
 * in AWS's order and refused with AWS's texts. Session tokens and regions are accepted whatever they say.
 *
 * @param nowMs the wall clock that dates of signatures are compared with.
 * @throws AwsError MissingAuthenticationTokenException, IncompleteSignatureException,
 *   InvalidSignatureException, UnrecognizedClientException
 */
export function createSignIn(config: Config, nowMs: () => number): SignIn {
  if (config.awsSignIn === "off") return () => Promise.resolve();
  const secrets = secretsOf(config.awsAccessKeys ?? "");
  return async (request, body) => {
    const authorization = readAuthorization(request.headers, nowMs());
    const secret = secrets.get(authorization.accessKeyId);
    if (secret === undefined) {
      throw new AwsError(
        "UnrecognizedClientException",
        "The security token included in the request is invalid.",
      );
    }
    const expected = await signatureOf({ request, body, authorization, secret });
    if (!isDigestOf(body, request) || !isSame(expected, authorization.signature)) {
      throw new AwsError("InvalidSignatureException", wrongSignature);
    }
  };
}

const wrongSignature =
  "The request signature we calculated does not match the signature you provided. Check your AWS Secret " +
  "Access Key and signing method. Consult the service documentation for details.";

/** Secrets by access key id. */
function secretsOf(accessKeys: string): ReadonlyMap<string, string> {
  return new Map(
    accessKeys.split(/[\s,]+/).map((pair) => {
      const [id = "", ...secret] = pair.split(":");
      return [id, secret.join(":")];
    }),
  );
}

interface Signed {
  readonly request: IncomingMessage;
  readonly body: Buffer;
  readonly authorization: Authorization;
  readonly secret: string;
}

/** What the holder of the secret would have signed this request with, its named headers and its body. */
async function signatureOf({ request, body, authorization, secret }: Signed): Promise<string> {
  const { accessKeyId, region, service, signedHeaders, signingDate } = authorization;
  const signer = new SignatureV4({
    credentials: { accessKeyId, secretAccessKey: secret },
    region,
    service,
    sha256: Hash.bind(null, "sha256"),
    applyChecksum: false,
  });
  const headers = signedHeaders.flatMap((name) => {
    const value = request.headers[name];
    return value === undefined ? [] : [[name, String(value)]];
  });
  const signed = await signer.sign(
    {
      method: "POST",
      protocol: "http:",
      hostname: "",
      path: "/",
      headers: Object.fromEntries(headers),
      body,
    },
    { signingDate, signableHeaders: new Set(signedHeaders) },
  );
  return signed.headers["authorization"]?.split("Signature=")[1] ?? "";
}

/** A digest that a client names is signed in place of the body, so it must be the body's. */
function isDigestOf(body: Buffer, { headers }: IncomingMessage): boolean {
  const named = headers["x-amz-content-sha256"];
  return named === undefined || named === createHash("sha256").update(body).digest("hex");
}

function isSame(expected: string, given: string): boolean {
  const [one, other] = [Buffer.from(expected), Buffer.from(given)];
  return one.length === other.length && timingSafeEqual(one, other);
}
