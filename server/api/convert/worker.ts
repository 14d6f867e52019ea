import { create } from "@bufbuild/protobuf";
import { checkStorable } from "../../engine/check-storable.ts";
import type { WorkerHello, WorkerInfo as EngineWorkerInfo } from "../../engine/engine.ts";
import {
  WorkerInfoSchema,
  WorkerStatus,
  type Hello,
  type RuntimeInfo,
  type WorkerInfo,
} from "../../gen/pawl/v1/worker_service_pb.ts";
import {
  inlineInputBytesDefault,
  labelsMax,
  poolsMax,
  resourceCharactersMax,
  resourcesMax,
  slotsMax,
  tokensPerMessageMax,
} from "../limits.ts";
import { quoted, Violations } from "../violations.ts";
import { timestampOf } from "./time.ts";

/**
 * A worker's introduction, checked.
 *
 * @param field where it stands in the request, for messages.
 * @throws EngineError ValidationException
 */
export function workerHelloOf(
  hello: Hello | undefined,
  field: string,
  remoteAddress: string,
): WorkerHello {
  const violations = new Violations();
  if (hello === undefined) {
    violations.required(field, undefined);
    violations.refuse();
    throw new Error("unreachable");
  }
  checkHello(violations, hello, field);
  violations.refuse();
  checkStorable({ [`${field}.labels`]: hello.labels, [`${field}.runtime`]: hello.runtime });
  return {
    workerId: hello.workerId,
    sessionIndex: hello.sessionIndex,
    identity: hello.identity,
    pools: hello.pools.map(({ name, resources, slots }) => ({ name, resources, slots })),
    labels: hello.labels,
    runtime: runtimeOf(hello.runtime),
    buildId: hello.buildId,
    heldTaskTokens: hello.heldTaskTokens,
    maxInlineInputBytes:
      hello.maxInlineInputBytes === 0 ? inlineInputBytesDefault : hello.maxInlineInputBytes,
    remoteAddress,
  };
}

export function workerInfoOf(worker: EngineWorkerInfo): WorkerInfo {
  return create(WorkerInfoSchema, {
    workerId: worker.workerId,
    identity: worker.identity,
    sessionId: worker.sessionId,
    serverId: worker.serverId,
    status: WorkerStatus[worker.status],
    pools: worker.pools.map(({ name, resources, slots }) => ({
      name,
      resources: [...resources],
      slots,
    })),
    running: { ...worker.running },
    connectTime: timestampOf(worker.connectedAtMs),
    lastSeenTime: timestampOf(worker.lastSeenAtMs),
    runtime: {
      sdkName: worker.runtime["sdkName"] ?? "",
      sdkVersion: worker.runtime["sdkVersion"] ?? "",
      language: worker.runtime["language"] ?? "",
      languageVersion: worker.runtime["languageVersion"] ?? "",
      os: worker.runtime["os"] ?? "",
    },
    buildId: worker.buildId,
    labels: { ...worker.labels },
    remoteAddress: worker.remoteAddress,
  });
}

function checkHello(violations: Violations, hello: Hello, field: string): void {
  if (hello.protocolVersion !== 0 && hello.protocolVersion !== 1) {
    violations.add(
      `${field}.protocol_version`,
      `is ${hello.protocolVersion}; this server speaks 1`,
      "PROTOCOL_VERSION",
    );
  }
  violations.required(`${field}.worker_id`, hello.workerId);
  characters(violations, `${field}.worker_id`, hello.workerId, 128);
  characters(violations, `${field}.identity`, hello.identity, 256);
  characters(violations, `${field}.build_id`, hello.buildId, 128);
  violations.range(`${field}.session_index`, hello.sessionIndex, [0, 65_535]);
  violations.range(
    `${field}.max_inline_input_bytes`,
    hello.maxInlineInputBytes,
    [0, 2_000_000_000],
  );
  if (Object.keys(hello.labels).length > labelsMax) {
    violations.add(
      `${field}.labels`,
      `has ${Object.keys(hello.labels).length} entries; the limit is ${labelsMax}`,
      "TOO_MANY",
    );
  }
  if (hello.heldTaskTokens.length > tokensPerMessageMax) {
    violations.add(
      `${field}.held_task_tokens`,
      `has ${hello.heldTaskTokens.length} entries; the limit is ${tokensPerMessageMax}`,
      "TOO_MANY",
    );
  }
  checkPools(violations, hello, field);
}

function checkPools(violations: Violations, hello: Hello, field: string): void {
  if (hello.pools.length === 0)
    violations.add(
      `${field}.pools`,
      "is empty; a worker serves at least one pool",
      "FIELD_REQUIRED",
    );
  if (hello.pools.length > poolsMax) {
    violations.add(
      `${field}.pools`,
      `has ${hello.pools.length} entries; the limit is ${poolsMax}`,
      "TOO_MANY",
    );
    return;
  }
  const names = new Set<string>();
  let resources = 0;
  for (const [index, pool] of hello.pools.entries()) {
    const at = `${field}.pools[${index}]`;
    if (names.has(pool.name))
      violations.add(
        `${at}.name`,
        `is ${quoted(pool.name)}, which another pool has`,
        "DUPLICATE_NAME",
      );
    names.add(pool.name);
    characters(violations, `${at}.name`, pool.name, 128);
    violations.range(`${at}.slots`, pool.slots, [0, slotsMax]);
    if (pool.resources.length === 0)
      violations.add(`${at}.resources`, "is empty", "FIELD_REQUIRED");
    resources += pool.resources.length;
    for (const [resourceIndex, resource] of pool.resources.slice(0, resourcesMax).entries()) {
      violations.required(`${at}.resources[${resourceIndex}]`, resource);
      characters(violations, `${at}.resources[${resourceIndex}]`, resource, resourceCharactersMax);
    }
  }
  if (resources > resourcesMax)
    violations.add(
      `${field}.pools`,
      `name ${resources} resources; the limit is ${resourcesMax}`,
      "TOO_MANY",
    );
}

function characters(violations: Violations, field: string, value: string, most: number): void {
  if (value.length > most)
    violations.add(field, `has ${value.length} characters; the limit is ${most}`, "TOO_LONG");
  else if (/[\u0000-\u001f\u007f]/u.test(value))
    violations.add(
      field,
      `is ${quoted(value)}; control characters are not allowed`,
      "CONTROL_CHARACTER",
    );
}

function runtimeOf(runtime: RuntimeInfo | undefined): Readonly<Record<string, string>> {
  if (runtime === undefined) return {};
  const { sdkName, sdkVersion, language, languageVersion, os } = runtime;
  return { sdkName, sdkVersion, language, languageVersion, os };
}
