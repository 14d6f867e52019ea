import type { FieldMask } from "@bufbuild/protobuf/wkt";
import type { Engine, Recovery, StateMachine as EngineStateMachine } from "../../engine/engine.ts";
import { TaskLossPolicy, type StateMachine } from "../../gen/pawl/v1/state_machine_service_pb.ts";
import { durationMs } from "../convert/time.ts";

/** Changes the settings that make no revision, where the request gives some. */
export async function settled(
  engine: Engine,
  head: EngineStateMachine,
  machine: StateMachine,
  mask?: FieldMask,
): Promise<EngineStateMachine> {
  const paths = new Set(mask?.paths.map((path) => path.trim()));
  const isNamed = (path: string): boolean => paths.has(path) || paths.has("*");
  const isRetained = machine.retention !== undefined || isNamed("retention");
  const isRecovered =
    machine.onTaskLost !== TaskLossPolicy.UNSPECIFIED ||
    machine.maxTaskDeliveries !== 0 ||
    isNamed("on_task_lost") ||
    isNamed("max_task_deliveries");
  if (isRetained) {
    const seconds = machine.retention === undefined ? 0 : durationMs(machine.retention) / 1_000;
    await engine.changeRetention(head.name, seconds === 0 ? undefined : seconds);
  }
  if (isRecovered) await engine.changeRecovery(head.name, recoveryOf(head, machine, isNamed));
  return isRetained || isRecovered ? engine.describeStateMachine(head.name) : head;
}

/** What is not given stays, as far as it makes sense beside what is. */
function recoveryOf(
  head: EngineStateMachine,
  { onTaskLost: given, maxTaskDeliveries: count }: StateMachine,
  isNamed: (path: string) => boolean,
): Recovery {
  const isGiven = given !== TaskLossPolicy.UNSPECIFIED || isNamed("on_task_lost");
  const onTaskLost = isGiven ? policyOf(given) : head.onTaskLost;
  const isCounted = count !== 0 || isNamed("max_task_deliveries");
  const kept = onTaskLost === undefined ? undefined : head.maxTaskDeliveries;
  const maxTaskDeliveries = isCounted ? count : kept;
  return {
    ...(onTaskLost !== undefined && { onTaskLost }),
    ...(maxTaskDeliveries !== undefined && maxTaskDeliveries !== 0 && { maxTaskDeliveries }),
  };
}

function policyOf(policy: TaskLossPolicy): Recovery["onTaskLost"] {
  return policies.find((name) => TaskLossPolicy[name] === policy);
}

/** All but REDELIVER, which is none. */
const policies = ["RETRY_AS_TIMEOUT", "FAIL", "PAUSE", "SKIP"] as const;
