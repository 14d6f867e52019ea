import { expect } from "vitest";
import type { Scenario } from "../support/stage.ts";

/** JSON travels as text, byte for byte. */
export const payloads: readonly Scenario[] = [
  {
    name: "unicode and big integers are byte-faithful, there and back",
    run: async (stage) => {
      const stateMachine = await stage.applyTask();
      const worker = await stage.worker([{ resource: stateMachine, handler: "echo" }]);
      const client = await stage.client();
      const input =
        '{"z":12345678901234567890,"a":-9007199254740993,"π":"é 😀 \u2028 \u202e \\" \\\\ <&>","e":1.5,"n":[1e+300,null]}';
      const { execution } = await client.call("runExecution", { stateMachine, input });
      expect(execution.output).toBe(input);
      expect(worker.starts.map((start) => start.input)).toEqual([input]);
    },
  },
  {
    name: "large input: what is over the inline limit is fetched, and is whole",
    run: async (stage) => {
      const stateMachine = await stage.applyTask();
      await stage.worker([{ resource: stateMachine, handler: "echo" }], {
        maxInlineInputBytes: 1_000,
      });
      const client = await stage.client();
      for (const length of [10, 400, 85_000]) {
        const input = JSON.stringify({ text: "€".repeat(length) });
        const { execution } = await client.call("runExecution", { stateMachine, input });
        expect(execution.output === input).toBe(true);
      }
    },
  },
  {
    name: "large input: a refused one names the size and the limit",
    run: async (stage) => {
      const stateMachine = await stage.applyTask();
      const client = await stage.client();
      const input = JSON.stringify("x".repeat(300_000));
      await expect(client.call("startExecution", { stateMachine, input })).rejects.toMatchObject({
        code: "INVALID_ARGUMENT",
        message: expect.stringMatching(/300,002.*262,144/),
      });
    },
  },
];
