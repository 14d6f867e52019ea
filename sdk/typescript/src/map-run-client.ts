import { create } from "@bufbuild/protobuf";
import { ClientBase } from "./client-base.ts";
import * as executions from "./gen/pawl/v1/execution_service_pb.ts";
import { mapRunOf } from "./map-run.ts";
import type { MapRun, MapRunChange } from "./map-run.ts";
import { itemsOf } from "./pages.ts";
import type { ListOptions } from "./pages.ts";
import type { CallOptions } from "./transport.ts";

/** The calls about map runs. */
export class MapRunClient extends ClientBase {
  /** @param mapRun id or ARN */
  async getMapRun(mapRun: string, options: CallOptions = {}): Promise<MapRun> {
    const request = create(executions.GetMapRunRequestSchema, { mapRun });
    const response = await this.call(
      executions.ExecutionService.method.getMapRun,
      request,
      options,
    );
    return requiredMapRun(response.mapRun);
  }

  /** The map runs of one execution, newest first. */
  listMapRuns(execution: string, query: ListOptions = {}): AsyncGenerator<MapRun, void, undefined> {
    return itemsOf(async (page) => {
      const request = create(executions.ListMapRunsRequestSchema, { execution, page });
      const response = await this.call(
        executions.ExecutionService.method.listMapRuns,
        request,
        query,
      );
      return {
        items: response.mapRuns.map(mapRunOf),
        nextPageToken: response.page?.nextPageToken ?? "",
      };
    }, query);
  }

  /** A run that goes on takes the change up within about a second. */
  async updateMapRun(
    mapRun: string,
    change: MapRunChange,
    options: CallOptions = {},
  ): Promise<MapRun> {
    const { toleratedFailureCount, ...rest } = change;
    const request = create(executions.UpdateMapRunRequestSchema, {
      mapRun,
      ...rest,
      ...(toleratedFailureCount !== undefined && {
        toleratedFailureCount: BigInt(toleratedFailureCount),
      }),
    });
    const response = await this.call(
      executions.ExecutionService.method.updateMapRun,
      request,
      options,
    );
    return requiredMapRun(response.mapRun);
  }
}

function requiredMapRun(mapRun: executions.MapRun | undefined): MapRun {
  if (mapRun === undefined) throw new TypeError("the server's answer has no map run");
  return mapRunOf(mapRun);
}
