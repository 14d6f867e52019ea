import type { IncomingHttpHeaders } from "node:http";
import { AwsError } from "./aws-error.ts";

/** What a request says of its signature; everything but the key and the signature itself has been checked. */
export interface Authorization {
  readonly accessKeyId: string;
  readonly region: string;
  readonly service: string;
  /** In lower case. */
  readonly signedHeaders: readonly string[];
  readonly signature: string;
  readonly signingDate: Date;
}

/**
 * Reads the headers `Authorization` and `X-Amz-Date` of Signature Version 4.
 * @throws AwsError MissingAuthenticationTokenException, IncompleteSignatureException, InvalidSignatureException
 */
export function readAuthorization(headers: IncomingHttpHeaders, nowMs: number): Authorization {
  const text = headers.authorization?.trim() ?? "";
  if (!text.startsWith("AWS4-")) {
    throw new AwsError(
      "MissingAuthenticationTokenException",
      "Request is missing Authentication Token",
    );
  }
  const [algorithm = ""] = text.split(/\s/, 1);
  const parameters = parametersOf(text.slice(algorithm.length));
  const date = String(headers["x-amz-date"] ?? "");
  checkPresent(text, parameters, date);
  const signingDate = dateOf(date);
  checkDate(signingDate, nowMs);
  const signedHeaders = parameters.get("SignedHeaders")!.toLowerCase().split(";");
  checkSignedHeaders(signedHeaders);
  if (algorithm !== "AWS4-HMAC-SHA256") {
    throw incomplete(
      `Unsupported AWS 'algorithm': '${algorithm}' (only AWS4-HMAC-SHA256 for now). `,
    );
  }
  const credential = parameters.get("Credential")!;
  const [accessKeyId = "", day, region = "", service = "", terminator] = scopeOf(credential);
  checkScope({ day, service, terminator, date });
  const signature = parameters.get("Signature")!;
  return { accessKeyId, region, service, signedHeaders, signature, signingDate };
}

const incomplete = (message: string) => new AwsError("IncompleteSignatureException", message);
const invalid = (message: string) => new AwsError("InvalidSignatureException", message);

/** `Credential=..., SignedHeaders=..., Signature=...` */
function parametersOf(text: string): ReadonlyMap<string, string> {
  return new Map(
    text.split(",").map((parameter) => {
      const [name = "", ...value] = parameter.trim().split("=");
      return [name, value.join("=")];
    }),
  );
}

function checkPresent(text: string, parameters: ReadonlyMap<string, string>, date: string): void {
  const missing = ["Credential", "Signature", "SignedHeaders"]
    .filter((name) => !parameters.get(name))
    .map((name) => `Authorization header requires '${name}' parameter. `);
  if (date === "") {
    missing.push(
      "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. ",
    );
  }
  if (missing.length > 0) throw incomplete(`${missing.join("")}Authorization=${text}`);
}

/** `20261123T040000Z` */
function dateOf(text: string): Date {
  const parts = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(text);
  const [, year, month, day, hours, minutes, seconds] = parts ?? [];
  const date = new Date(`${year}-${month}-${day}T${hours}:${minutes}:${seconds}Z`);
  if (Number.isNaN(date.getTime())) {
    throw incomplete(
      `Date must be in ISO-8601 'basic format'. Got '${text}'. See http://en.wikipedia.org/wiki/ISO_8601`,
    );
  }
  return date;
}

const skewMinutesMax = 15;

function checkDate(signingDate: Date, nowMs: number): void {
  const skewMs = skewMinutesMax * 60_000;
  const given = basicFormat(signingDate.getTime());
  const now = basicFormat(nowMs);
  if (signingDate.getTime() < nowMs - skewMs) {
    const earliest = basicFormat(nowMs - skewMs);
    throw invalid(
      `Signature expired: ${given} is now earlier than ${earliest} (${now} - ${skewMinutesMax} min.)`,
    );
  }
  if (signingDate.getTime() > nowMs + skewMs) {
    const latest = basicFormat(nowMs + skewMs);
    throw invalid(
      `Signature not yet current: ${given} is still later than ${latest} (${now} + ${skewMinutesMax} min.)`,
    );
  }
}

const basicFormat = (ms: number) => new Date(ms).toISOString().replaceAll(/[-:]|\.\d+/g, "");

/** Without the target a signed request could be sent again as another operation. */
function checkSignedHeaders(signedHeaders: readonly string[]): void {
  if (!signedHeaders.includes("host")) {
    throw invalid("'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.");
  }
  if (!signedHeaders.includes("x-amz-target")) {
    throw invalid("'X-Amz-Target' must be a 'SignedHeader' in the AWS Authorization.");
  }
}

function scopeOf(credential: string): readonly string[] {
  const parts = credential.split("/");
  if (parts.length !== 5) {
    throw incomplete(
      `Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got '${credential}'`,
    );
  }
  return parts;
}

interface Scope {
  readonly day: string | undefined;
  readonly service: string;
  readonly terminator: string | undefined;
  readonly date: string;
}

function checkScope({ day, service, terminator, date }: Scope): void {
  const wrong: string[] = [];
  if (service !== "states")
    wrong.push("Credential should be scoped to correct service: 'states'. ");
  if (terminator !== "aws4_request") {
    wrong.push(
      `Credential should be scoped with a valid terminator: 'aws4_request', not '${terminator}'. `,
    );
  }
  if (day !== date.slice(0, 8)) {
    wrong.push(
      `Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '${day}' != '${date.slice(0, 8)}', from '${date}'.`,
    );
  }
  if (wrong.length > 0) throw invalid(wrong.join(""));
}
