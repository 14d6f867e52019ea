import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { Refused, type Answer, type AwsClient, type ClientOptions } from "./aws-client.ts";

interface Line {
  readonly answer?: Answer | readonly Answer[];
  readonly refusal?: readonly [exception: string, message: string];
  readonly failure?: string;
}

/** boto3 in a process of its own, one call at a time. */
export async function openBoto3Client(python: string, options: ClientOptions): Promise<AwsClient> {
  const script = join(import.meta.dirname, "boto3-client.py");
  const child = spawn(join(python, "python"), [script, JSON.stringify(options)], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const ask = async (request: object): Promise<NonNullable<Line["answer"]>> => {
    child.stdin.write(`${JSON.stringify(request)}\n`);
    const { value, done } = await lines.next();
    if (done === true) throw new Error("boto3 ended");
    const { answer, refusal, failure } = JSON.parse(value) as Line;
    if (refusal !== undefined) throw new Refused(...refusal);
    if (answer === undefined) throw new Error(failure);
    return answer;
  };
  return {
    call: async (operation, given = {}) => (await ask({ operation, given })) as Answer,
    all: async ({ operation, input: given = {}, items, pageSize }) =>
      (await ask({ operation, given, items, pageSize })) as readonly Answer[],
    close: async () => {
      child.stdin.end();
      await once(child, "exit");
    },
  };
}
