import type { Page, PageQuery, StateMachine } from "./engine.ts";

/** The part of the engine that publishes versions and routes starts to them (engine/versions.ts, engine/aliases.ts). */
export interface Versioning {
  /** Freezes the head under the next number; a revision that has one keeps it. @throws ConflictException */
  publishStateMachineVersion(request: PublishStateMachineVersion): Promise<StateMachine>;
  /** Newest first, without definitions. @param reference unqualified. */
  listStateMachineVersions(reference: string, query: PageQuery): Promise<Page<StateMachine>>;
  /** @returns whether there was one. @throws ConflictException while an alias routes to it */
  deleteStateMachineVersion(reference: string): Promise<boolean>;
  /** The same alias again is the same; another one of this name is a ConflictException. */
  createStateMachineAlias(request: StateMachineAliasRequest): Promise<StateMachineAlias>;
  /** What is absent stays. @throws ResourceNotFound, unless it may be made (`allowMissing`) */
  updateStateMachineAlias(request: UpdateStateMachineAlias): Promise<StateMachineAlias>;
  /** @param reference `machine:alias` or ARN. @throws ResourceNotFound */
  describeStateMachineAlias(reference: string): Promise<StateMachineAlias>;
  /** By name. @param reference a machine, or a version: then only aliases that route to it. */
  listStateMachineAliases(reference: string, query: PageQuery): Promise<Page<StateMachineAlias>>;
  /** @returns whether there was one. */
  deleteStateMachineAlias(reference: string, options?: { etag?: string }): Promise<boolean>;
}

export interface PublishStateMachineVersion {
  /** Unqualified. */
  readonly reference: string;
  /** Only if this is the present revision; `INITIAL` is that of a machine never updated. */
  readonly revisionId?: string;
  readonly description?: string;
}

/** Routes starts to one or two versions. */
export interface StateMachineAlias {
  readonly name: string;
  readonly arn: string;
  readonly stateMachineName: string;
  readonly description: string;
  readonly routes: readonly Route[];
  /** Another one after every change. */
  readonly etag: string;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
}

export interface Route {
  readonly version: number;
  /** Percent of starts, 0 to 100; the weights of an alias make 100. */
  readonly weight: number;
}

export interface StateMachineAliasRequest {
  /** Bare name or ARN, unqualified. */
  readonly stateMachine: string;
  readonly name: string;
  readonly description?: string;
  readonly routes: readonly Route[];
}

export interface UpdateStateMachineAlias extends Partial<StateMachineAliasRequest> {
  readonly stateMachine: string;
  readonly name: string;
  /** Optimistic lock: the etag the caller saw. */
  readonly etag?: string;
  /** Make it if there is none; then `routes` are required. */
  readonly allowMissing?: boolean;
}
