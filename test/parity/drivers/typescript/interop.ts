import { once } from "node:events";
import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import type { DescMessage, DescMethod, MessageInitShape, MessageShape } from "@bufbuild/protobuf";
import { Client, credentials, Metadata, status } from "@grpc/grpc-js";
import type { ServiceError } from "@grpc/grpc-js";
import { PayloadView } from "../../../../sdk/typescript/src/gen/pawl/v1/common_pb.ts";
import { ExecutionService } from "../../../../sdk/typescript/src/gen/pawl/v1/execution_service_pb.ts";
import { SystemService } from "../../../../sdk/typescript/src/gen/pawl/v1/system_service_pb.ts";
import type { InteropCase } from "../../support/protocol.ts";

/** Cases of gRPC's interoperability suite, with generated messages and bare grpc-js: what lies below the SDK. */
export async function interop(command: InteropCase): Promise<object> {
  const run = cases[command.case];
  if (run === undefined) throw new Error(`no case is named ${command.case}`);
  const client = new Client(command.address, credentials.createInsecure(), {
    "grpc.max_receive_message_length": 16 * 1024 * 1024,
  });
  try {
    return await run(client, command);
  } finally {
    client.close();
  }
}

type Case = (client: Client, command: InteropCase) => Promise<object>;

const { startExecution, getExecution, startExecutions, watchExecution } = ExecutionService.method;
const { getServerInfo } = SystemService.method;

const cases: Readonly<Record<string, Case>> = {
  empty_unary: async (client) => resultOf(await unary(client, getServerInfo, {})),
  large_unary: async (client, { stateMachine = "", bytes = 0 }) => {
    const input = JSON.stringify("x".repeat(bytes - 2));
    const inputSource = { case: "input", value: input } as const;
    const started = await unary(client, startExecution, { stateMachine, inputSource });
    if (started.code !== "OK") return resultOf(started);
    const execution = started.response!.execution!.id;
    const got = await unary(client, getExecution, { execution, payloadView: PayloadView.FULL });
    const received = Buffer.byteLength(got.response?.execution?.input ?? "");
    return { ...resultOf(got), bytes: received };
  },
  cancel_after_begin: async (client) => {
    const { path, serialize, deserialize } = codecOf(startExecutions);
    const call = client.makeBidiStreamRequest(path, serialize, deserialize);
    call.resume();
    const ended = endOf(call);
    call.cancel();
    return ended;
  },
  cancel_after_first_response: async (client, { execution = "" }) => {
    const call = watch(client, execution);
    const ended = endOf(call);
    await once(call, "data");
    call.cancel();
    return ended;
  },
  timeout_on_sleeping_server: async (client, { execution = "", timeoutMs = 0 }) => {
    const call = watch(client, execution, Date.now() + timeoutMs);
    call.resume();
    return endOf(call);
  },
  status_code_and_message: refusedStart,
  special_status_message: refusedStart,
  unimplemented_method: (client) => unimplemented(client, "/pawl.v1.SystemService/Nope"),
  unimplemented_service: (client) => unimplemented(client, "/pawl.v1.NopeService/Nope"),
  custom_metadata: async (client, { headers = {} }) => {
    const answer = await unary(client, getServerInfo, {}, metadataOf(headers));
    const { headers: received, trailers } = answer;
    return { ...resultOf(answer), headers: received, trailers };
  },
};

async function refusedStart(client: Client, { stateMachine = "" }: InteropCase): Promise<object> {
  return resultOf(await unary(client, startExecution, { stateMachine }));
}

async function unimplemented(client: Client, path: string): Promise<object> {
  const empty = { ...codecOf(getServerInfo), path };
  return resultOf(await unaryOn(client, empty, create(getServerInfo.input), new Metadata()));
}

interface Answer<Response> {
  readonly code: string;
  readonly message: string;
  readonly response?: Response | undefined;
  readonly headers: Readonly<Record<string, string>>;
  readonly trailers: Readonly<Record<string, string>>;
}

function resultOf({ code, message }: Answer<unknown>): object {
  return { code, message };
}

function unary<I extends DescMessage, O extends DescMessage>(
  client: Client,
  method: DescMethod & { readonly input: I; readonly output: O },
  request: MessageInitShape<I>,
  metadata = new Metadata(),
): Promise<Answer<MessageShape<O>>> {
  return unaryOn(client, codecOf(method), create(method.input, request), metadata);
}

function unaryOn<I, O>(
  client: Client,
  { path, serialize, deserialize }: Codec<I, O>,
  request: I,
  metadata: Metadata,
): Promise<Answer<O>> {
  return new Promise((resolve) => {
    let headers = {};
    let answered: { error: ServiceError | null; response: O | undefined };
    const call = client.makeUnaryRequest(
      path,
      serialize,
      deserialize,
      request,
      metadata,
      (error, response) => {
        answered = { error, response };
      },
    );
    call.on("metadata", (received) => (headers = textsOf(received)));
    call.on("status", ({ code, details, metadata: trailers }) =>
      // The answer is told in the same tick, before or after the status.
      setImmediate(() =>
        resolve({
          code: status[code],
          message: details,
          response: answered.response,
          headers,
          trailers: textsOf(trailers),
        }),
      ),
    );
  });
}

function watch(client: Client, execution: string, deadline?: number) {
  const { path, serialize, deserialize } = codecOf(watchExecution);
  const request = create(watchExecution.input, { execution });
  const options = deadline === undefined ? {} : { deadline };
  return client.makeServerStreamRequest(path, serialize, deserialize, request, options);
}

/** Resolves with a stream's status. */
function endOf(call: NodeJS.EventEmitter): Promise<object> {
  call.on("error", () => undefined);
  return new Promise((resolve) =>
    call.on("status", ({ code, details }: { code: number; details: string }) =>
      resolve({ code: status[code], message: details }),
    ),
  );
}

interface Codec<I, O> {
  readonly path: string;
  readonly serialize: (message: I) => Buffer;
  readonly deserialize: (bytes: Buffer) => O;
}

function codecOf<I extends DescMessage, O extends DescMessage>(
  method: DescMethod & { readonly input: I; readonly output: O },
): Codec<MessageShape<I>, MessageShape<O>> {
  return {
    path: `/${method.parent.typeName}/${method.name}`,
    serialize: (message) => Buffer.from(toBinary(method.input, message)),
    deserialize: (bytes) => fromBinary(method.output, bytes),
  };
}

function metadataOf(headers: Readonly<Record<string, string>>): Metadata {
  const metadata = new Metadata();
  for (const [name, value] of Object.entries(headers)) metadata.set(name, value);
  return metadata;
}

function textsOf(metadata: Metadata): Record<string, string> {
  return Object.fromEntries(
    Object.entries(metadata.getMap()).map(([name, value]) => [name, String(value)]),
  );
}
