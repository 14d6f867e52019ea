import { create } from "@bufbuild/protobuf";
import { graphInit, graphOf } from "./definition-graph.ts";
import type { DefinitionGraph } from "./definition-graph.ts";
import { fieldMask } from "./field-mask.ts";
import * as stateMachines from "./gen/pawl/v1/state_machine_service_pb.ts";
import { itemsOf } from "./pages.ts";
import type { ListOptions } from "./pages.ts";
import {
  definitionText,
  diagnosticOf,
  formatNumber,
  stateMachineInit,
  stateMachineOf,
  typeNumber,
} from "./state-machine.ts";
import type {
  DefinitionFormat,
  StateMachine,
  StateMachineInput,
  StateMachineResult,
  StateMachineType,
  ValidationResult,
} from "./state-machine.ts";
import { stateTestInit, testedStateOf } from "./state-test.ts";
import type { StateTest, TestedState } from "./state-test.ts";
import type { CallOptions } from "./transport.ts";
import { uniqueId } from "./unique-id.ts";
import { VersionsClient } from "./versions-client.ts";

/** A worker may take five minutes for the Task that is tested. */
const stateTestTimeoutMs = 310_000;

/** Changes to a state machine; what is absent stays. */
export type StateMachineChange = Partial<Omit<StateMachineInput, "name" | "type">> & {
  readonly name: string;
  /** Refuse (ABORTED) unless the state machine still has this etag. */
  readonly etag?: string;
};

/** The part of a client that makes, changes, checks and tests state machines. */
export abstract class StateMachineClient extends VersionsClient {
  /** The same name and definition again is the same state machine. @throws PawlError ALREADY_EXISTS for another definition */
  async createStateMachine(
    input: StateMachineInput,
    options: CallOptions = {},
  ): Promise<StateMachineResult> {
    const request = create(stateMachines.CreateStateMachineRequestSchema, {
      stateMachine: stateMachineInit(input),
      requestId: uniqueId(),
    });
    return resultOf(
      await this.call(
        stateMachines.StateMachineService.method.createStateMachine,
        request,
        options,
      ),
    );
  }

  /** Running executions keep the revision they started with. */
  async updateStateMachine(
    change: StateMachineChange,
    options: CallOptions = {},
  ): Promise<StateMachineResult> {
    const request = create(stateMachines.UpdateStateMachineRequestSchema, {
      stateMachine: stateMachineInit(change),
      updateMask: fieldMask(change),
      requestId: uniqueId(),
    });
    return resultOf(
      await this.call(
        stateMachines.StateMachineService.method.updateStateMachine,
        request,
        options,
      ),
    );
  }

  /** Creates the state machine, or updates the one of that name. */
  async applyStateMachine(
    input: StateMachineInput,
    options: CallOptions = {},
  ): Promise<StateMachineResult> {
    const request = create(stateMachines.UpdateStateMachineRequestSchema, {
      stateMachine: stateMachineInit(input),
      updateMask: fieldMask(input),
      allowMissing: true,
      requestId: uniqueId(),
    });
    return resultOf(
      await this.call(
        stateMachines.StateMachineService.method.updateStateMachine,
        request,
        options,
      ),
    );
  }

  async getStateMachine(stateMachine: string, options: CallOptions = {}): Promise<StateMachine> {
    const request = create(stateMachines.GetStateMachineRequestSchema, { stateMachine });
    const response = await this.call(
      stateMachines.StateMachineService.method.getStateMachine,
      request,
      options,
    );
    return stateMachineOf(response.stateMachine);
  }

  listStateMachines(query: ListOptions = {}): AsyncGenerator<StateMachine, void, undefined> {
    return itemsOf(async (page) => {
      const request = create(stateMachines.ListStateMachinesRequestSchema, { page });
      const response = await this.call(
        stateMachines.StateMachineService.method.listStateMachines,
        request,
        query,
      );
      return {
        items: response.stateMachines.map(stateMachineOf),
        nextPageToken: response.page?.nextPageToken ?? "",
      };
    }, query);
  }

  /** @param target `force` stops its executions; without it they run to their end */
  async deleteStateMachine(
    stateMachine: string,
    target: { readonly etag?: string; readonly force?: boolean } = {},
    options: CallOptions = {},
  ): Promise<void> {
    const { etag = "", force = false } = target;
    const request = create(stateMachines.DeleteStateMachineRequestSchema, {
      stateMachine,
      etag,
      force,
    });
    await this.call(stateMachines.StateMachineService.method.deleteStateMachine, request, options);
  }

  /** All diagnostics at once; never rejects because a definition is wrong. */
  async validateDefinition(
    definition: string | object,
    facts: {
      readonly type?: StateMachineType;
      readonly format?: DefinitionFormat;
    } = {},
    options: CallOptions = {},
  ): Promise<ValidationResult> {
    const request = create(stateMachines.ValidateDefinitionRequestSchema, {
      definition: definitionText(definition),
      type: typeNumber(facts.type),
      format: formatNumber(facts.format),
    });
    const response = await this.call(
      stateMachines.StateMachineService.method.validateDefinition,
      request,
      options,
    );
    const { valid, diagnostics, truncated } = response;
    return { valid, diagnostics: diagnostics.map(diagnosticOf), truncated };
  }

  /** Runs one state on its own. Without a mock a Task is done by a connected worker. */
  async testState(test: StateTest, options: CallOptions = {}): Promise<TestedState> {
    const request = create(stateMachines.TestStateRequestSchema, stateTestInit(test));
    const { testState } = stateMachines.StateMachineService.method;
    const bounded = { timeoutMs: stateTestTimeoutMs, ...options };
    return testedStateOf(await this.call(testState, request, bounded));
  }

  /** Nodes and edges of a definition, or of a state machine on the server. */
  async getDefinitionGraph(
    source: { readonly definition: string | object } | { readonly stateMachine: string },
    options: CallOptions = {},
  ): Promise<DefinitionGraph> {
    const request = create(stateMachines.GetDefinitionGraphRequestSchema, graphInit(source));
    const { getDefinitionGraph } = stateMachines.StateMachineService.method;
    return graphOf(await this.call(getDefinitionGraph, request, options));
  }
}

function resultOf(
  response: stateMachines.CreateStateMachineResponse | stateMachines.UpdateStateMachineResponse,
): StateMachineResult {
  return {
    stateMachine: stateMachineOf(response.stateMachine),
    warnings: response.warnings.map(diagnosticOf),
  };
}
