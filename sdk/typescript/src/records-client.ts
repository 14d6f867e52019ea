import { create } from "@bufbuild/protobuf";
import { executionOf } from "./execution.ts";
import type { Execution } from "./execution.ts";
import { executionFilter } from "./execution-filter.ts";
import type { ExecutionFilter } from "./execution-filter.ts";
import { linkFilter } from "./execution-link.ts";
import type { ExecutionLinkFilter } from "./execution-link.ts";
import * as executions from "./gen/pawl/v1/execution_service_pb.ts";
import { PauseClient } from "./pause-client.ts";
import { statisticsRequestOf, statisticsRowOf } from "./statistics.ts";
import type { StatisticsQuery, StatisticsRow } from "./statistics.ts";
import type { CallOptions } from "./transport.ts";

/** How many executions or links there are. */
export interface ExecutionCount {
  readonly count: number;
  /** Counting stopped at the limit: there may be more. */
  readonly limited: boolean;
}

/** The calls that count, measure and remove executions. */
export class RecordsClient extends PauseClient {
  /**
   * @param query `limit`: where counting stops for filters that no statistics are kept for (name, labels, end,
   *   current state, map run, links); default 50,000, and 10,000 by links.
   */
  async countExecutions(
    query: ExecutionFilter & { readonly limit?: number } = {},
    options: CallOptions = {},
  ): Promise<ExecutionCount> {
    const { countExecutions } = executions.ExecutionService.method;
    const request = create(executions.CountExecutionsRequestSchema, {
      filter: executionFilter(query),
      limit: query.limit ?? 0,
    });
    const { count, limited } = await this.call(countExecutions, request, options);
    return { count: Number(count), limited };
  }

  /**
   * How many links there are between executions.
   *
   * @param query `limit`: where counting stops; default 50,000, and 10,000 by the source's status.
   */
  async countExecutionLinks(
    query: ExecutionLinkFilter & { readonly limit?: number } = {},
    options: CallOptions = {},
  ): Promise<ExecutionCount> {
    const { countExecutionLinks } = executions.ExecutionService.method;
    const request = create(executions.CountExecutionLinksRequestSchema, {
      filter: linkFilter(query),
      limit: query.limit ?? 0,
    });
    const { count, limited } = await this.call(countExecutionLinks, request, options);
    return { count: Number(count), limited };
  }

  /** Counts and durations, by bucket and group, in this order. */
  async getExecutionStatistics(
    query: StatisticsQuery = {},
    options: CallOptions = {},
  ): Promise<readonly StatisticsRow[]> {
    const { getExecutionStatistics } = executions.ExecutionService.method;
    const { rows } = await this.call(getExecutionStatistics, statisticsRequestOf(query), options);
    return rows.map(statisticsRowOf);
  }

  /**
   * Removes a closed execution with its history; its name can be used again.
   *
   * @throws PawlError FAILED_PRECONDITION while it runs; NOT_FOUND also when an earlier try has removed it
   */
  async deleteExecution(execution: string, options: CallOptions = {}): Promise<Execution> {
    const { deleteExecution } = executions.ExecutionService.method;
    const request = create(executions.DeleteExecutionRequestSchema, { execution });
    const response = await this.call(deleteExecution, request, options);
    if (response.execution === undefined)
      throw new TypeError("the server's answer has no execution");
    return executionOf(response.execution);
  }
}
