import { Metadata } from "@grpc/grpc-js";
import type { PawlError } from "@pawl/sdk";
import { expect } from "vitest";
import { SystemService } from "../../../sdk/typescript/src/gen/pawl/v1/system_service_pb.ts";
import type { InteropCase } from "../support/protocol.ts";
import type { Scenario, Stage } from "../support/stage.ts";

/** The cases of gRPC's interoperability suite that have a meaning here. */
export const interop: readonly Scenario[] = [
  {
    name: "interop: empty_unary",
    run: async (stage) => {
      expect(await run(stage, { case: "empty_unary" })).toMatchObject({ code: "OK" });
    },
  },
  {
    name: "interop: large_unary",
    run: async (stage) => {
      const [stateMachine, bytes] = [await stage.applyTask(), 250_000];
      expect(await run(stage, { case: "large_unary", stateMachine, bytes })).toMatchObject({
        code: "OK",
        bytes,
      });
    },
  },
  {
    name: "interop: cancel_after_begin",
    run: async (stage) => {
      expect(await run(stage, { case: "cancel_after_begin" })).toMatchObject({ code: "CANCELLED" });
    },
  },
  {
    name: "interop: cancel_after_first_response",
    run: async (stage) => {
      const execution = await stage.start(await stage.applyTask());
      expect(await run(stage, { case: "cancel_after_first_response", execution })).toMatchObject({
        code: "CANCELLED",
      });
    },
  },
  {
    name: "interop: timeout_on_sleeping_server",
    run: async (stage) => {
      const execution = await stage.start(await stage.applyTask());
      const timeoutMs = 200;
      expect(
        await run(stage, { case: "timeout_on_sleeping_server", execution, timeoutMs }),
      ).toMatchObject({ code: "DEADLINE_EXCEEDED" });
    },
  },
  refusal("status_code_and_message", "no-such-machine"),
  refusal(
    "special_status_message",
    "\t\ntest with whitespace\r\nand Unicode BMP ☺ and non-BMP 😈\t\n",
  ),
  unimplemented("unimplemented_method"),
  unimplemented("unimplemented_service"),
  {
    name: "interop: custom_metadata",
    run: async (stage) => {
      const fake = await stage.fakeServer();
      fake.on(SystemService.method.getServerInfo, ({ raw, send }) => {
        const echoed = new Metadata();
        for (const name of Object.keys(headers)) echoed.set(name, raw.metadata.get(name)[0]!);
        raw.sendMetadata(echoed);
        send({});
      });
      const { address } = fake;
      expect(await run(stage, { case: "custom_metadata", address, headers })).toMatchObject({
        code: "OK",
        headers,
      });
    },
  },
];

const headers = {
  traceparent: "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
  "x-request-id": "a7",
};

function run(
  { driver, server }: Stage,
  command: Omit<InteropCase, "op" | "address"> & { readonly address?: string },
): Promise<object> {
  return driver.send({ op: "interop", address: server.address, ...command });
}

/** Code and message are those that any other client gets. */
function refusal(name: string, stateMachine: string): Scenario {
  return {
    name: `interop: ${name}`,
    run: async (stage) => {
      const refused = await stage.observer.startExecution({ stateMachine }).then(
        () => undefined,
        ({ code, message }: PawlError) => ({ code, message }),
      );
      expect(refused).toBeDefined();
      expect(await run(stage, { case: name, stateMachine })).toMatchObject(refused!);
    },
  };
}

function unimplemented(name: string): Scenario {
  return {
    name: `interop: ${name}`,
    run: async (stage) => {
      expect(await run(stage, { case: name })).toMatchObject({ code: "UNIMPLEMENTED" });
    },
  };
}
