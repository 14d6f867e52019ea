import { create, createFileRegistry, fromBinary } from "@bufbuild/protobuf";
import { BinaryReader, BinaryWriter, WireType } from "@bufbuild/protobuf/wire";
import { FileDescriptorProtoSchema, FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import {
  credentials,
  makeClientConstructor,
  Metadata,
  type ClientDuplexStream,
  type ServiceDefinition,
} from "@grpc/grpc-js";
import { service as healthDefinition } from "grpc-health-check";
import { afterEach, beforeEach, expect, test } from "vitest";
import { BatchService } from "../../server/gen/pawl/v1/batch_service_pb.ts";
import { ExecutionService } from "../../server/gen/pawl/v1/execution_service_pb.ts";
import { StateMachineService } from "../../server/gen/pawl/v1/state_machine_service_pb.ts";
import { SystemService } from "../../server/gen/pawl/v1/system_service_pb.ts";
import { TaskQueueService, WorkerService } from "../../server/gen/pawl/v1/worker_service_pb.ts";
import { startApi, type TestServer } from "../support/api-server.ts";

let isReady = true;

let api: TestServer;
beforeEach(async () => {
  isReady = true;
  api = await startApi({ isReady: () => isReady });
});
afterEach(() => api[Symbol.asyncDispose]());

test("health follows readiness, as a whole and per service, and watchers are told", async () => {
  const client = rawClient(healthDefinition, "grpc.health.v1.Health");
  const check = (service: string) => unary<{ status: string }>(client, "check", { service });
  await expect.poll(async () => (await check("")).status).toBe("SERVING");
  expect((await check("pawl.v1.ExecutionService")).status).toBe("SERVING");
  await expect(check("nope")).rejects.toMatchObject({ code: 5 });

  const seen: string[] = [];
  const watch = (
    client as unknown as { watch: (request: object) => NodeJS.EventEmitter & { cancel(): void } }
  ).watch({ service: "" });
  watch.on("data", ({ status }: { status: string }) => seen.push(status));
  watch.on("error", () => undefined);
  isReady = false;
  await expect.poll(() => seen).toEqual(["SERVING", "NOT_SERVING"]);
  expect((await fetch(`${api.server.url}/readyz`)).status).toBe(503);
  expect((await fetch(`${api.server.url}/healthz`)).status).toBe(200);
  watch.cancel();
  client.close();
});

test("reflection v1 lists the services and describes them completely", async () => {
  const { services, files } = await reflect("grpc.reflection.v1.ServerReflection", [
    "pawl.v1.ExecutionService",
    "pawl.v1.TaskQueueService",
  ]);
  expect(services).toEqual(
    expect.arrayContaining(
      [
        ExecutionService,
        StateMachineService,
        WorkerService,
        TaskQueueService,
        BatchService,
        SystemService,
      ].map(({ typeName }) => typeName),
    ),
  );
  expect(services).toContain("grpc.health.v1.Health");
  const registry = createFileRegistry(
    create(FileDescriptorSetSchema, { file: dependencyOrder(files) }),
  );
  expect(registry.getService("pawl.v1.ExecutionService")?.methods.map(({ name }) => name)).toEqual(
    ExecutionService.methods.map(({ name }) => name),
  );
  const update = registry.getMessage("pawl.v1.UpdateTaskQueueRequest");
  expect(update?.fields.find(({ name }) => name === "max_rate")?.proto.proto3Optional).toBe(true);
});

function rawClient(
  definition: ServiceDefinition,
  name: string,
): InstanceType<ReturnType<typeof makeClientConstructor>> {
  return new (makeClientConstructor(definition, name))(api.address, credentials.createInsecure());
}

function unary<Response>(
  client: InstanceType<ReturnType<typeof makeClientConstructor>>,
  method: string,
  request: object,
): Promise<Response> {
  return new Promise((resolve, reject) => {
    (
      client[method] as (
        request: object,
        metadata: Metadata,
        done: (error: unknown, response: Response) => void,
      ) => void
    ).call(client, request, new Metadata(), (error, response) =>
      error === null ? resolve(response) : reject(error as Error),
    );
  });
}

/** What grpcurl does: list, then ask for the files of symbols. */
async function reflect(
  service: string,
  symbols: readonly string[],
): Promise<{ services: string[]; files: Map<string, Uint8Array> }> {
  const client = rawClient(
    {
      info: {
        path: `/${service}/ServerReflectionInfo`,
        requestStream: true,
        responseStream: true,
        requestSerialize: (bytes: Uint8Array) => Buffer.from(bytes),
        requestDeserialize: (bytes) => bytes,
        responseSerialize: (bytes: Uint8Array) => Buffer.from(bytes),
        responseDeserialize: (bytes) => bytes,
      },
    },
    service,
  );
  const stream = (client["info"] as () => ClientDuplexStream<Uint8Array, Uint8Array>).call(client);
  const [listServices, fileContainingSymbol] = [7, 4];
  stream.write(new BinaryWriter().tag(listServices, WireType.LengthDelimited).string("*").finish());
  for (const symbol of symbols) {
    stream.write(
      new BinaryWriter()
        .tag(fileContainingSymbol, WireType.LengthDelimited)
        .string(symbol)
        .finish(),
    );
  }
  stream.end();
  const services: string[] = [];
  const files = new Map<string, Uint8Array>();
  for await (const answer of stream as AsyncIterable<Uint8Array>) {
    for (const list of fieldsOf(answer, 6)) {
      for (const one of fieldsOf(list, 1))
        services.push(Buffer.from(fieldsOf(one, 1)[0]!).toString());
    }
    for (const bytes of fieldsOf(answer, 4).flatMap((response) => fieldsOf(response, 1))) {
      files.set(fromBinary(FileDescriptorProtoSchema, bytes).name, bytes);
    }
  }
  client.close();
  return { services, files };
}

/** The length-delimited fields of one number in an encoded message. */
function fieldsOf(message: Uint8Array, number: number): Uint8Array[] {
  const found: Uint8Array[] = [];
  const reader = new BinaryReader(message);
  while (reader.pos < reader.len) {
    const [field, wireType] = reader.tag();
    if (field === number && wireType === WireType.LengthDelimited) found.push(reader.bytes());
    else reader.skip(wireType, field);
  }
  return found;
}

function dependencyOrder(
  files: ReadonlyMap<string, Uint8Array>,
): ReturnType<typeof fromBinary<typeof FileDescriptorProtoSchema>>[] {
  const ordered = new Map<
    string,
    ReturnType<typeof fromBinary<typeof FileDescriptorProtoSchema>>
  >();
  const visit = (name: string): void => {
    if (ordered.has(name)) return;
    const file = fromBinary(FileDescriptorProtoSchema, files.get(name)!);
    for (const dependency of file.dependency) visit(dependency);
    ordered.set(name, file);
  };
  for (const name of files.keys()) visit(name);
  return [...ordered.values()];
}
