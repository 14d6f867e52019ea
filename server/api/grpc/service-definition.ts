import {
  fromBinary,
  toBinary,
  type DescMethod,
  type DescService,
  type MessageShape,
} from "@bufbuild/protobuf";
import type { MethodDefinition, ServiceDefinition } from "@grpc/grpc-js";
import { Undecodable } from "./undecodable.ts";

/**
 * A protobuf-es service as grpc-js wants it, for servers and clients.
 *
 * Requests that do not decode arrive as {@link Undecodable} instead of being thrown: grpc-js would
 * answer INTERNAL.
 */
export function serviceDefinitionOf(desc: DescService): ServiceDefinition {
  return Object.fromEntries(
    desc.methods.map((method) => [method.localName, methodDefinitionOf(desc, method)]),
  );
}

function methodDefinitionOf(
  desc: DescService,
  method: DescMethod,
): MethodDefinition<unknown, unknown> {
  return {
    path: `/${desc.typeName}/${method.name}`,
    requestStream:
      method.methodKind === "client_streaming" || method.methodKind === "bidi_streaming",
    responseStream:
      method.methodKind === "server_streaming" || method.methodKind === "bidi_streaming",
    requestSerialize: (message) =>
      bufferOf(toBinary(method.input, message as MessageShape<typeof method.input>)),
    requestDeserialize: (bytes) => decoded(method, bytes),
    responseSerialize: (message) =>
      bufferOf(toBinary(method.output, message as MessageShape<typeof method.output>)),
    responseDeserialize: (bytes) => fromBinary(method.output, bytes),
  };
}

function decoded(method: DescMethod, bytes: Buffer): unknown {
  try {
    return fromBinary(method.input, bytes);
  } catch (error) {
    return new Undecodable(
      `${method.input.typeName}: ${error instanceof Error ? error.message : "not decodable"}`,
    );
  }
}

/** The same bytes as a Buffer, not copied. */
function bufferOf(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
