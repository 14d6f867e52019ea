import { create } from "@bufbuild/protobuf";
import type { DescMessage, DescMethodUnary, MessageShape } from "@bufbuild/protobuf";
import * as stateMachines from "./gen/pawl/v1/state_machine_service_pb.ts";
import { itemsOf } from "./pages.ts";
import type { ListOptions } from "./pages.ts";
import { stateMachineAliasOf, stateMachineOf } from "./state-machine.ts";
import type { StateMachine, StateMachineAlias, StateMachineAliasInput } from "./state-machine.ts";
import type { CallOptions } from "./transport.ts";
import { uniqueId } from "./unique-id.ts";

const { method } = stateMachines.StateMachineService;

/** The part of a client that publishes versions of state machines and routes aliases to them. */
export abstract class VersionsClient {
  protected abstract call<I extends DescMessage, O extends DescMessage>(
    method: DescMethodUnary<I, O>,
    request: MessageShape<I>,
    options: CallOptions,
  ): Promise<MessageShape<O>>;

  /**
   * Freezes the state machine as it is under the next number; a revision that has one keeps it. Start it as
   * `<name>:<version>`.
   *
   * @throws PawlError ABORTED when `revisionId` is not its present revision
   */
  async publishStateMachineVersion(
    stateMachine: string,
    version: { readonly revisionId?: string; readonly description?: string } = {},
    options: CallOptions = {},
  ): Promise<StateMachine> {
    const request = create(stateMachines.PublishStateMachineVersionRequestSchema, {
      stateMachine,
      requestId: uniqueId(),
      ...version,
    });
    const response = await this.call(method.publishStateMachineVersion, request, options);
    return stateMachineOf(response.stateMachine);
  }

  /** Newest first. */
  listStateMachineVersions(
    stateMachine: string,
    query: ListOptions = {},
  ): AsyncGenerator<StateMachine, void, undefined> {
    return itemsOf(async (page) => {
      const request = create(stateMachines.ListStateMachineVersionsRequestSchema, {
        stateMachine,
        page,
      });
      const response = await this.call(method.listStateMachineVersions, request, query);
      return {
        items: response.versions.map(stateMachineOf),
        nextPageToken: response.page?.nextPageToken ?? "",
      };
    }, query);
  }

  /** Its number is not given again. @throws PawlError ABORTED while an alias routes to it */
  async deleteStateMachineVersion(
    stateMachine: string,
    version: number,
    options: CallOptions = {},
  ): Promise<void> {
    const request = create(stateMachines.DeleteStateMachineVersionRequestSchema, {
      stateMachine,
      version: BigInt(version),
    });
    await this.call(method.deleteStateMachineVersion, request, options);
  }

  /** Creates the alias, or replaces it. Start it as `<stateMachine>:<name>`. */
  async putStateMachineAlias(
    alias: StateMachineAliasInput,
    options: CallOptions = {},
  ): Promise<StateMachineAlias> {
    const request = create(stateMachines.PutStateMachineAliasRequestSchema, {
      alias: {
        ...alias,
        routes: alias.routes.map(({ version, weight }) => ({ version: BigInt(version), weight })),
      },
      requestId: uniqueId(),
    });
    const response = await this.call(method.putStateMachineAlias, request, options);
    return stateMachineAliasOf(response.alias);
  }

  /** By name. */
  listStateMachineAliases(
    stateMachine: string,
    query: ListOptions = {},
  ): AsyncGenerator<StateMachineAlias, void, undefined> {
    return itemsOf(async (page) => {
      const request = create(stateMachines.ListStateMachineAliasesRequestSchema, {
        stateMachine,
        page,
      });
      const response = await this.call(method.listStateMachineAliases, request, query);
      return {
        items: response.aliases.map(stateMachineAliasOf),
        nextPageToken: response.page?.nextPageToken ?? "",
      };
    }, query);
  }

  async deleteStateMachineAlias(
    stateMachine: string,
    alias: string,
    target: { readonly etag?: string } = {},
    options: CallOptions = {},
  ): Promise<void> {
    const request = create(stateMachines.DeleteStateMachineAliasRequestSchema, {
      stateMachine,
      alias,
      ...target,
    });
    await this.call(method.deleteStateMachineAlias, request, options);
  }
}
