import { dateOf } from "./execution.ts";
import { enumName, namesOf } from "./enum-name.ts";
import { WorkerStatus as Status } from "./gen/pawl/v1/worker_service_pb.ts";
import type * as proto from "./gen/pawl/v1/worker_service_pb.ts";

/** One worker's session as the server sees it. */
export interface WorkerInfo {
  readonly workerId: string;
  /** `pid@host`. */
  readonly identity: string;
  readonly sessionId: string;
  readonly serverId: string;
  /** LOST: its stream broke and the server waits for it to come back. */
  readonly status: keyof typeof Status;
  readonly pools: readonly {
    readonly name: string;
    readonly resources: readonly string[];
    readonly slots: number;
  }[];
  /** Tasks in progress per pool. */
  readonly running: Readonly<Record<string, number>>;
  readonly connectTime: Date | undefined;
  readonly lastSeenTime: Date | undefined;
  /** For example `@pawl/sdk 0.1.0, node 24.0.0, linux`. */
  readonly runtime: string;
  readonly buildId: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly remoteAddress: string;
}

const statusNames = namesOf(Status);

export function workerInfoOf(message: proto.WorkerInfo): WorkerInfo {
  const { workerId, identity, sessionId, serverId, running, buildId, labels, remoteAddress } =
    message;
  return {
    workerId,
    identity,
    sessionId,
    serverId,
    status: enumName(statusNames, message.status),
    pools: message.pools.map(({ name, resources, slots }) => ({ name, resources, slots })),
    running,
    connectTime: dateOf(message.connectTime),
    lastSeenTime: dateOf(message.lastSeenTime),
    runtime: runtimeText(message.runtime),
    buildId,
    labels,
    remoteAddress,
  };
}

function runtimeText(runtime: proto.RuntimeInfo | undefined): string {
  if (runtime === undefined) return "";
  const parts = [
    `${runtime.sdkName} ${runtime.sdkVersion}`,
    `${runtime.language} ${runtime.languageVersion}`,
    runtime.os,
  ];
  return parts
    .map((part) => part.trim())
    .filter((part) => part !== "")
    .join(", ");
}
