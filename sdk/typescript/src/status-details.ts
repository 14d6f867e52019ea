import { fromBinary } from "@bufbuild/protobuf";
import { durationMs } from "@bufbuild/protobuf/wkt";
import {
  BadRequestSchema,
  ErrorInfoSchema,
  RetryInfoSchema,
} from "./gen/google/rpc/error_details_pb.ts";
import { StatusSchema } from "./gen/google/rpc/status_pb.ts";
import type { PawlErrorDetails } from "./errors.ts";

/** One packed detail of a google.rpc.Status: the type's full name and its bytes. */
export interface PackedDetail {
  readonly type: string;
  readonly value: Uint8Array;
}

/** Reads the `grpc-status-details-bin` trailer. Bytes that are no google.rpc.Status give no details. */
export function statusDetailsOf(trailer: Uint8Array): PawlErrorDetails {
  try {
    const { details } = fromBinary(StatusSchema, trailer);
    return errorDetailsOf(
      details.map(({ typeUrl, value }) => ({
        type: typeUrl.slice(typeUrl.lastIndexOf("/") + 1),
        value,
      })),
    );
  } catch {
    return {};
  }
}

/** Folds ErrorInfo, BadRequest and RetryInfo into one object; other details are left out. */
export function errorDetailsOf(details: readonly PackedDetail[]): PawlErrorDetails {
  let folded: PawlErrorDetails = {};
  for (const { type, value } of details) folded = { ...folded, ...readDetail(type, value) };
  return folded;
}

function readDetail(type: string, value: Uint8Array): PawlErrorDetails {
  switch (type) {
    case "google.rpc.ErrorInfo": {
      const { reason, metadata } = fromBinary(ErrorInfoSchema, value);
      return { reason, metadata };
    }
    case "google.rpc.BadRequest": {
      const { fieldViolations } = fromBinary(BadRequestSchema, value);
      return {
        fieldViolations: fieldViolations.map(({ field, description, reason }) => ({
          field,
          description,
          reason,
        })),
      };
    }
    case "google.rpc.RetryInfo": {
      const { retryDelay } = fromBinary(RetryInfoSchema, value);
      return { retryAfterMs: retryDelay === undefined ? 0 : durationMs(retryDelay) };
    }
    default:
      return {};
  }
}
