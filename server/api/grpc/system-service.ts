import { create } from "@bufbuild/protobuf";
import { GetServerInfoResponseSchema, SystemService } from "../../gen/pawl/v1/system_service_pb.ts";
import {
  concurrentStreamsMax,
  pageSizeMax,
  pollWaitMsMax,
  receiveMessageBytesMax,
  startsInFlightMax,
  watchesPerConnectionMax,
} from "../limits.ts";
import { service, type Service, type ServiceDeps } from "../service.ts";

/** Facts about this server. */
export function systemService({ config, serverVersion }: ServiceDeps): Service {
  const info = create(GetServerInfoResponseSchema, {
    version: serverVersion,
    capabilities: [
      "work_stream",
      "start_executions",
      "start_executions.follow",
      "watch_execution",
      "aws_json_1_0",
    ],
    limits: {
      max_payload_bytes: BigInt(config.payloadBytesMax),
      max_events_per_execution: BigInt(config.historyEventsMax),
      max_message_bytes: BigInt(receiveMessageBytesMax),
      max_page_size: BigInt(pageSizeMax),
      max_streams_per_connection: BigInt(concurrentStreamsMax),
      max_watches_per_connection: BigInt(watchesPerConnectionMax),
      max_starts_in_flight: BigInt(startsInFlightMax),
      max_poll_wait_ms: BigInt(pollWaitMsMax),
    },
    devMode: config.isDevelopment,
  });
  return service(SystemService, { getServerInfo: async () => info });
}
