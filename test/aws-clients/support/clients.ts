import type { AwsClient, ClientOptions } from "./aws-client.ts";
import { openBoto3Client } from "./boto3-client.ts";
import { openCliClient } from "./cli-client.ts";
import { openJavaScriptClient } from "./javascript-client.ts";
import type { Python } from "./python.ts";

/** A kind of client; `missing` says that it can not run here. */
export interface ClientKind {
  readonly name: string;
  readonly missing: boolean;
  readonly open: (options: ClientOptions) => Promise<AwsClient>;
}

/** The clients that AWS publishes. */
export function clients(python: Python): readonly ClientKind[] {
  const missing = "missing" in python;
  const bin = missing ? "" : python.bin;
  return [
    { name: "@aws-sdk/client-sfn", missing: false, open: openJavaScriptClient },
    { name: "boto3", missing, open: (options) => openBoto3Client(bin, options) },
    { name: "AWS CLI", missing, open: (options) => openCliClient(bin, options) },
  ];
}
