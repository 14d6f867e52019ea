import type { DescService } from "@bufbuild/protobuf";
import { readConfig, type Config } from "../../../server/config.ts";
import {
  ExecutionService,
  type Execution,
} from "../../../server/gen/pawl/v1/execution_service_pb.ts";
import { StateMachineService } from "../../../server/gen/pawl/v1/state_machine_service_pb.ts";
import { WorkerService } from "../../../server/gen/pawl/v1/worker_service_pb.ts";
import { startServer } from "../../../server/main.ts";
import { createLog } from "../../../server/observe/log.ts";
import { TestClient } from "../../support/api-server.ts";
import { createTestDatabase } from "../../support/database.ts";

/** A whole server on a database of its own, and a client of each of its doors. */
export interface RealServer extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
  readonly machines: TestClient<typeof StateMachineService>;
  readonly executions: TestClient<typeof ExecutionService>;
  readonly workers: TestClient<typeof WorkerService>;
  /** What the server logged as an error. */
  readonly errors: readonly string[];
  client<Desc extends DescService>(desc: Desc): TestClient<Desc>;
  /** A new state machine. @returns its name */
  apply(definition: object | string, name?: string): Promise<string>;
  /** Makes a machine of the definition, or of one state, and runs it to its end. */
  run(definition: object | string, input?: string): Promise<Execution>;
  /** `POST /pawl.v1.<method>` with JSON. */
  json(method: string, body: unknown): Promise<Answer>;
  aws(operation: string, body: unknown): Promise<Answer>;
  /** Undefined when there was no answer in time: a poll. */
  awsFor(timeoutMs: number, operation: string, body: unknown): Promise<Answer | undefined>;
}

export interface Answer {
  readonly status: number;
  readonly body: Record<string, unknown>;
}

export async function startRealServer(settings: Partial<Config> = {}): Promise<RealServer> {
  const database = await createTestDatabase();
  const config = readConfig(
    {
      databaseUrl: database.url,
      port: 0,
      allowUnsafeDatabase: true,
      drainTimeoutMs: 200,
      ...settings,
    },
    {},
  );
  const errors: string[] = [];
  const log = createLog("error", { write: (line: string) => void errors.push(line) });
  const server = await startServer(config, log);
  const clients: TestClient<DescService>[] = [];
  const client = <Desc extends DescService>(desc: Desc): TestClient<Desc> => {
    const made = new TestClient(desc, `127.0.0.1:${server.port}`);
    clients.push(made);
    return made;
  };
  const machines = client(StateMachineService);
  const executions = client(ExecutionService);
  let made = 0;
  const apply: RealServer["apply"] = async (definition, name = `m${(made += 1)}`) => {
    const text = typeof definition === "string" ? definition : JSON.stringify(definition);
    await machines.call("createStateMachine", { stateMachine: { name, definition: text } });
    return name;
  };
  return {
    url: server.url,
    port: server.port,
    machines,
    executions,
    workers: client(WorkerService),
    errors,
    client,
    apply,
    run: async (definition, input = "{}") => {
      const stateMachine = await apply(definition);
      const start = { stateMachine, inputSource: { case: "input" as const, value: input } };
      const answer = await executions.call("runExecution", { start }, { deadlineMs: 20_000 });
      return answer.execution!;
    },
    json: (method, body) =>
      post(`${server.url}/pawl.v1.${method}`, { "content-type": "application/json" }, body),
    aws: (operation, body) => post(server.url, awsHeaders(operation), body),
    awsFor: (timeoutMs, operation, body) =>
      post(server.url, awsHeaders(operation), body, AbortSignal.timeout(timeoutMs)).catch(
        (error: Error) => {
          if (error.name === "TimeoutError") return undefined;
          throw error;
        },
      ),
    async [Symbol.asyncDispose]() {
      for (const each of clients) each.raw.close();
      await server.close();
      await database.drop();
    },
  };
}

function awsHeaders(operation: string): Record<string, string> {
  return {
    "content-type": "application/x-amz-json-1.0",
    "x-amz-target": `AWSStepFunctions.${operation}`,
  };
}

async function post(
  url: string,
  headers: Record<string, string>,
  body: unknown,
  signal?: AbortSignal,
): Promise<Answer> {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const response = await fetch(url, {
    method: "POST",
    headers,
    body: text,
    ...(signal && { signal }),
  });
  const answer = await response.text();
  return { status: response.status, body: answer === "" ? {} : JSON.parse(answer) };
}
