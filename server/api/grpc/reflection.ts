import { toBinary, type DescFile } from "@bufbuild/protobuf";
import { FileDescriptorProtoSchema } from "@bufbuild/protobuf/wkt";
import type { Server } from "@grpc/grpc-js";
import { ReflectionService } from "@grpc/reflection";
import { service as healthDefinition } from "grpc-health-check";
import type { Service } from "../service.ts";

/** gRPC server reflection (v1, and v1alpha for older tools) from the descriptors the services are generated from. */
export function addReflection(server: Server, services: readonly Service[]): void {
  const files = new Map<string, Buffer>();
  for (const { desc } of services) collect(desc.file, files);
  const [healthMethod] = Object.values(healthDefinition);
  new ReflectionService({
    pawl: {
      format: "Protocol Buffer 3 DescriptorProto",
      type: {},
      fileDescriptorProtos: [...files.values()],
    },
    ...(healthMethod !== undefined && { health: healthMethod.requestType }),
  }).addToServer(server);
}

/** A file and everything it imports. */
function collect(file: DescFile, files: Map<string, Buffer>): void {
  const name = file.proto.name;
  if (files.has(name)) return;
  files.set(name, Buffer.from(toBinary(FileDescriptorProtoSchema, file.proto)));
  for (const dependency of file.dependencies) collect(dependency, files);
}
