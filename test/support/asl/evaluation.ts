import type { Evaluation } from "../../../server/asl/definition/definition.ts";
import type { Json } from "../../../server/asl/index.ts";

/** What an expression sees, with nothing but an input unless more is given. */
export function evaluation(input: Json, context: Json = {}): Evaluation {
  return {
    input,
    context: () => context,
    variables: new Map(),
    turn: {
      nowMs: 0,
      random: () => 0.5,
      newUuid: () => "00000000-0000-4000-8000-000000000000",
      limits: { payloadBytesMax: 262_144, historyEventsMax: 25_000, transitionsPerTurnMax: 1_000 },
      aws: { region: "us-east-1", accountId: "000000000000" },
    },
  };
}
