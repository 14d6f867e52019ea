import type { Server } from "@grpc/grpc-js";
import { HealthImplementation } from "grpc-health-check";
import type { Service } from "../service.ts";

export interface Health {
  /** Looks at readiness now. */
  refresh(): void;
  stop(): void;
}

/**
 * gRPC health checking (grpc.health.v1): the whole server ("") and each service are SERVING while
 * `isServing` says so; watchers learn of a change within {@link refreshMs}.
 */
export function addHealth(
  server: Server,
  services: readonly Service[],
  isServing: () => boolean,
): Health {
  const names = ["", ...services.map(({ desc }) => desc.typeName)];
  const health = new HealthImplementation(
    Object.fromEntries(names.map((name) => [name, "NOT_SERVING"])),
  );
  health.addToServer(server);

  let wasServing = false;
  const refresh = (): void => {
    const serving = isServing();
    if (serving === wasServing) return;
    wasServing = serving;
    for (const name of names) health.setStatus(name, serving ? "SERVING" : "NOT_SERVING");
  };
  const timer = setInterval(refresh, refreshMs);
  timer.unref();
  refresh();
  return { refresh, stop: () => clearInterval(timer) };
}

const refreshMs = 250;
