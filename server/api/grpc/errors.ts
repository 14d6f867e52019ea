import { create, toBinary, type DescMessage, type MessageInitShape } from "@bufbuild/protobuf";
import { AnySchema } from "@bufbuild/protobuf/wkt";
import { Code, ConnectError } from "@connectrpc/connect";
import { Metadata } from "@grpc/grpc-js";
import { EngineError, type EngineErrorCode } from "../../engine/errors.ts";
import {
  BadRequestSchema,
  ErrorInfoSchema,
  PreconditionFailureSchema,
  QuotaFailureSchema,
  RequestInfoSchema,
  ResourceInfoSchema,
  RetryInfoSchema,
} from "../../gen/google/rpc/error_details_pb.ts";
import { StatusSchema } from "../../gen/google/rpc/status_pb.ts";
import type { Log } from "../../observe/log.ts";
import { durationOf } from "../convert/time.ts";

/** `satisfies` makes a new EngineErrorCode a type error here until it has a gRPC code. */
export const codeOf = {
  ActivityAlreadyExists: Code.AlreadyExists,
  ActivityDoesNotExist: Code.NotFound,
  ConflictException: Code.Aborted,
  ExecutionAlreadyExists: Code.AlreadyExists,
  ExecutionDoesNotExist: Code.NotFound,
  ExecutionNotRedrivable: Code.FailedPrecondition,
  ExecutionNotRunning: Code.FailedPrecondition,
  InvalidArn: Code.InvalidArgument,
  InvalidDefinition: Code.InvalidArgument,
  InvalidExecutionInput: Code.InvalidArgument,
  InvalidName: Code.InvalidArgument,
  InvalidOutput: Code.InvalidArgument,
  InvalidToken: Code.InvalidArgument,
  MissingRequiredParameter: Code.InvalidArgument,
  NotImplemented: Code.Unimplemented,
  ResourceExhausted: Code.ResourceExhausted,
  ResourceNotFound: Code.NotFound,
  ServiceQuotaExceededException: Code.ResourceExhausted,
  SourceNotUsable: Code.FailedPrecondition,
  StateMachineAlreadyExists: Code.AlreadyExists,
  StateMachineDeleting: Code.FailedPrecondition,
  StateMachineDoesNotExist: Code.NotFound,
  StateMachineTypeNotSupported: Code.FailedPrecondition,
  TaskDoesNotExist: Code.NotFound,
  TaskTimedOut: Code.FailedPrecondition,
  TooManyTags: Code.InvalidArgument,
  Unavailable: Code.Unavailable,
  ValidationException: Code.InvalidArgument,
} satisfies Record<EngineErrorCode, Code>;

/** Reasons that need a finer code than their exception has. */
const codeOfReason: Readonly<Record<string, Code>> = {
  HISTORY_COMPACTED: Code.OutOfRange,
  EVENT_ID_IN_FUTURE: Code.OutOfRange,
  NOT_EXACTLY_ONE: Code.FailedPrecondition,
  EXECUTION_RUNNING: Code.FailedPrecondition,
  EXECUTION_OF_MAP_RUN: Code.FailedPrecondition,
  MAP_RUN_OPEN: Code.FailedPrecondition,
  // Asked again, there are not less: nothing to retry.
  TOO_MANY_ROWS: Code.FailedPrecondition,
  TOO_MANY_EXECUTIONS: Code.FailedPrecondition,
};

/** A refusal as it goes out, before a protocol dresses it. Its codes are google.rpc.Code. */
export interface Refusal {
  readonly code: Code;
  readonly message: string;
  readonly details: readonly Detail[];
}

interface Detail {
  readonly desc: DescMessage;
  readonly value: MessageInitShape<DescMessage>;
}

/** What every ErrorInfo of this server carries as its domain. */
export const errorDomain = "pawl.dev";

/**
 * The one place where an error becomes a status. What is not an {@link EngineError} leaves as "internal
 * error" with a request id; the cause goes to the log under the same id.
 */
export function refusalOf(
  error: unknown,
  where: { readonly log: Log; readonly method: string },
): Refusal {
  if (error instanceof EngineError) return refusalOfEngineError(error);
  if (error instanceof Error && error.name === "AbortError") {
    return { code: Code.Canceled, message: "the call was cancelled", details: [] };
  }
  const requestId = nextRequestId();
  where.log.error({ err: error, method: where.method, requestId }, "call failed");
  return {
    code: Code.Internal,
    message: "internal error",
    details: [
      detail(ErrorInfoSchema, {
        reason: "INTERNAL",
        domain: errorDomain,
        metadata: { request_id: requestId },
      }),
      detail(RequestInfoSchema, { requestId }),
    ],
  };
}

/** A refusal as grpc-js sends it: status, text, and google.rpc.Status in the trailers. */
export function grpcErrorOf(refusal: Refusal): {
  code: number;
  details: string;
  metadata: Metadata;
} {
  const metadata = new Metadata();
  if (refusal.details.length > 0) {
    const status = create(StatusSchema, {
      code: refusal.code,
      message: refusal.message,
      details: refusal.details.map(({ desc, value }) =>
        create(AnySchema, {
          typeUrl: `type.googleapis.com/${desc.typeName}`,
          value: toBinary(desc, create(desc, value)),
        }),
      ),
    });
    metadata.set("grpc-status-details-bin", Buffer.from(toBinary(StatusSchema, status)));
  }
  return { code: refusal.code, details: refusal.message, metadata };
}

/** A refusal as connect sends it. */
export function connectErrorOf(refusal: Refusal): ConnectError {
  return new ConnectError(refusal.message, refusal.code, undefined, [...refusal.details]);
}

function refusalOfEngineError(error: EngineError): Refusal {
  const { reason, details } = error;
  const code = codeOfReason[reason] ?? codeOf[error.code];
  const message = shortened(error.message, messageCharactersMax);
  const found: Detail[] = [
    detail(ErrorInfoSchema, {
      reason,
      domain: errorDomain,
      metadata: mapValues(details.metadata ?? {}, (value) =>
        shortened(value, descriptionCharactersMax),
      ),
    }),
  ];
  if (details.violations !== undefined && details.violations.length > 0) {
    const fieldViolations = details.violations
      .slice(0, violationsMax)
      .map(({ field, description, ...rest }) => ({
        field: shortened(field, descriptionCharactersMax),
        description: shortened(description, descriptionCharactersMax),
        reason: rest.reason ?? "",
      }));
    found.push(detail(BadRequestSchema, { fieldViolations }));
  }
  if (details.resource !== undefined) {
    found.push(
      detail(ResourceInfoSchema, {
        resourceType: details.resource.type,
        resourceName: shortened(details.resource.name, descriptionCharactersMax),
        description: message,
      }),
    );
  }
  if (code === Code.ResourceExhausted) {
    found.push(
      detail(QuotaFailureSchema, {
        violations: [{ subject: details.resource?.name ?? "server", description: message }],
      }),
    );
  }
  if (code === Code.FailedPrecondition) {
    const subject = shortened(details.resource?.name ?? "", descriptionCharactersMax);
    found.push(
      detail(PreconditionFailureSchema, {
        violations: [{ type: reason, subject, description: message }],
      }),
    );
  }
  const retryAfterMs = details.retryAfterMs ?? defaultRetryAfterMs(code);
  if (retryAfterMs !== undefined)
    found.push(detail(RetryInfoSchema, { retryDelay: durationOf(retryAfterMs) }));
  return { code, message, details: found };
}

/** Details travel in HTTP headers, which clients commonly limit to 8 or 16 KiB together. */
const messageCharactersMax = 1_024;
const descriptionCharactersMax = 256;
const violationsMax = 16;

/** What to advise where the engine gave no advice: trying again is sensible only for these. */
function defaultRetryAfterMs(code: Code): number | undefined {
  return code === Code.Unavailable || code === Code.ResourceExhausted ? 1_000 : undefined;
}

function detail<Desc extends DescMessage>(desc: Desc, value: MessageInitShape<Desc>): Detail {
  return { desc, value };
}

/** Well-formed (grpc-js encodes it as a URI) and bounded. */
function shortened(text: string, charactersMax: number): string {
  const wellFormed = text.toWellFormed();
  return wellFormed.length <= charactersMax
    ? wellFormed
    : `${wellFormed.slice(0, charactersMax - 1).toWellFormed()}…`;
}

function mapValues(
  map: Readonly<Record<string, string>>,
  change: (value: string) => string,
): Record<string, string> {
  return Object.fromEntries(Object.entries(map).map(([key, value]) => [key, change(value)]));
}

let requests = 0;

function nextRequestId(): string {
  requests += 1;
  return `${process.pid.toString(36)}-${Math.trunc(performance.timeOrigin).toString(36)}-${requests.toString(36)}`;
}
