import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { Refused, type Answer, type AwsClient, type ClientOptions } from "./aws-client.ts";

const run = promisify(execFile);

/** The command line `aws stepfunctions`, one process for each call. */
export async function openCliClient(python: string, options: ClientOptions): Promise<AwsClient> {
  const folder = await mkdtemp(join(tmpdir(), "pawl-aws-cli-"));
  const environment = {
    PATH: process.env["PATH"],
    HOME: folder,
    AWS_ENDPOINT_URL_SFN: options.endpoint,
    AWS_ACCESS_KEY_ID: options.accessKeyId ?? "any",
    AWS_SECRET_ACCESS_KEY: options.secretAccessKey ?? "any",
    ...(options.sessionToken !== undefined && { AWS_SESSION_TOKEN: options.sessionToken }),
    AWS_DEFAULT_REGION: "us-east-1",
    AWS_DISABLE_HOST_PREFIX_INJECTION: "true",
    PYTHONUTF8: "1",
  };
  let calls = 0;
  const aws = async (operation: string, input: object, flags: readonly string[] = []) => {
    // A file, because one argument of a command has an end at 128 KiB.
    const file = join(folder, `${(calls += 1)}.json`);
    await writeFile(file, JSON.stringify(input));
    const given = ["--cli-input-json", `file://${file}`, "--output", "json"];
    return refusing(
      run(join(python, "aws"), ["stepfunctions", kebab(operation), ...given, ...flags], {
        env: environment,
        maxBuffer: 64 * 1_024 * 1_024,
      }),
    );
  };
  return {
    call: (operation, input = {}) => aws(operation, input),
    all: async ({ operation, input = {}, items, pageSize }) => {
      const answer = await aws(operation, input, ["--page-size", String(pageSize)]);
      return answer[items] as readonly Answer[];
    },
    close: () => rm(folder, { recursive: true, force: true }),
  };
}

const kebab = (operation: string) =>
  operation.replaceAll(/(?<=.)[A-Z]/g, (letter) => `-${letter}`).toLowerCase();

async function refusing(ran: Promise<{ readonly stdout: string }>): Promise<Answer> {
  try {
    const { stdout } = await ran;
    return stdout.trim() === "" ? {} : (JSON.parse(stdout) as Answer);
  } catch (error) {
    const { stderr = "" } = error as { readonly stderr?: string };
    const said = /An error occurred \((\w+)\) when calling the \w+ operation(?: \([^)]*\))?: (.*)/s;
    const [, exception, message] = said.exec(stderr) ?? [];
    if (exception === undefined || message === undefined) throw error;
    throw new Refused(exception, message.trimEnd());
  }
}
