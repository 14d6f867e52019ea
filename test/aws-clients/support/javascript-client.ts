import * as sfn from "@aws-sdk/client-sfn";
import { Refused, type Answer, type AwsClient, type ClientOptions } from "./aws-client.ts";

/** `@aws-sdk/client-sfn`, as a program uses it. */
export async function openJavaScriptClient(options: ClientOptions): Promise<AwsClient> {
  const { accessKeyId = "any", secretAccessKey = "any", sessionToken } = options;
  const client = new sfn.SFNClient({
    endpoint: options.endpoint,
    region: "us-east-1",
    credentials: {
      accessKeyId,
      secretAccessKey,
      ...(sessionToken !== undefined && { sessionToken }),
    },
    disableHostPrefix: true,
  });
  if (options.isTampering === true) tamper(client);
  return {
    call: (operation, input = {}) =>
      // The commands differ in their types only.
      refusing(
        client.send(new (exported(`${operation}Command`))(input) as sfn.ListActivitiesCommand),
      ),
    all: ({ operation, input = {}, items, pageSize }) => {
      const pages = exported(
        `paginate${operation}`,
      ) as unknown as typeof sfn.paginateListActivities;
      const collect = async (): Promise<Answer[]> => {
        const found: Answer[] = [];
        for await (const page of pages({ client, pageSize }, input)) {
          found.push(...((page as unknown as Record<string, Answer[]>)[items] ?? []));
        }
        return found;
      };
      return refusing(collect());
    },
    close: () => Promise.resolve(client.destroy()),
  };
}

/** A class or function of the package by its name. */
function exported(name: string): new (input: object) => object {
  const found = (sfn as Record<string, unknown>)[name];
  if (typeof found !== "function") throw new Error(`@aws-sdk/client-sfn has no ${name}`);
  return found as new (input: object) => object;
}

/** The answer without what the client says of the call, or the refusal. */
async function refusing<Result>(call: Promise<Result>): Promise<Result & Answer> {
  try {
    const answer = (await call) as Result & Answer & { $metadata?: unknown };
    delete answer.$metadata;
    return answer;
  } catch (error) {
    if (error instanceof sfn.SFNServiceException && error.$response !== undefined) {
      const isTyped = error.constructor !== sfn.SFNServiceException;
      throw new Refused(isTyped ? error.constructor.name : error.name, error.message);
    }
    throw error;
  }
}

function tamper(client: sfn.SFNClient): void {
  client.middlewareStack.add(
    (next) => (args) => {
      const request = args.request as { body: Uint8Array; headers: Record<string, string> };
      request.body = Buffer.concat([request.body, Buffer.from(" ")]);
      request.headers["content-length"] = String(request.body.length);
      return next(args);
    },
    { step: "finalizeRequest", priority: "low" },
  );
}
