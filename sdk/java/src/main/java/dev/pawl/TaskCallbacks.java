package dev.pawl;

import com.google.protobuf.ByteString;
import dev.pawl.v1.HeartbeatReply;
import dev.pawl.v1.HeartbeatTasksRequest;
import dev.pawl.v1.HeartbeatTasksResponse;
import dev.pawl.v1.OutcomeAck;
import dev.pawl.v1.ReportTasksRequest;
import dev.pawl.v1.ReportTasksResponse;
import dev.pawl.v1.TaskHeartbeat;
import dev.pawl.v1.TaskTokenState;
import dev.pawl.v1.WorkerServiceGrpc;
import io.grpc.MethodDescriptor;
import io.grpc.Status.Code;
import java.util.Base64;
import java.util.List;

/** Reports under a task's token, from whoever has it. */
final class TaskCallbacks {
  static final MethodDescriptor<ReportTasksRequest, ReportTasksResponse> REPORT =
      WorkerServiceGrpc.getReportTasksMethod();
  static final MethodDescriptor<HeartbeatTasksRequest, HeartbeatTasksResponse> HEARTBEAT =
      WorkerServiceGrpc.getHeartbeatTasksMethod();

  private TaskCallbacks() {}

  static ReportTasksRequest success(String taskToken, String output) {
    return ReportTasksRequest.newBuilder()
        .addOutcomes(Outcomes.succeeded(bytesOf(taskToken), output, List.of()))
        .build();
  }

  static ReportTasksRequest failure(String taskToken, Throwable error) {
    return ReportTasksRequest.newBuilder()
        .addOutcomes(Outcomes.failed(bytesOf(taskToken), error, List.of()))
        .build();
  }

  static HeartbeatTasksRequest beat(String taskToken, String details) {
    return HeartbeatTasksRequest.newBuilder()
        .addBeats(TaskHeartbeat.newBuilder().setTaskToken(bytesOf(taskToken)).setDetails(details))
        .build();
  }

  /** @throws PawlError when the report did not become the task's outcome */
  static void requireRecorded(ReportTasksResponse response) {
    OutcomeAck ack = response.getAcksCount() > 0 ? response.getAcks(0) : OutcomeAck.getDefaultInstance();
    Code code = switch (OutcomeStatus.of(ack.getStatus())) {
      case RECORDED, ALREADY_RECORDED -> Code.OK;
      case INVALID -> Code.INVALID_ARGUMENT;
      case RETRY -> Code.UNAVAILABLE;
      default -> Code.FAILED_PRECONDITION;
    };
    if (code != Code.OK) throw PawlError.of(code, ack.getMessage(), ack.getReason());
  }

  /** @throws PawlError when the task waits no longer */
  static void requireActive(HeartbeatTasksResponse response) {
    HeartbeatReply reply =
        response.getRepliesCount() > 0 ? response.getReplies(0) : HeartbeatReply.getDefaultInstance();
    TaskTokenState state = reply.getState();
    if (state == TaskTokenState.TASK_TOKEN_STATE_ACTIVE) return;
    if (state == TaskTokenState.TASK_TOKEN_STATE_UNKNOWN)
      throw PawlError.of(Code.INVALID_ARGUMENT, "the task token is not one of this service", "INVALID_TOKEN");
    String reason = state.name().replace("TASK_TOKEN_STATE_", "");
    throw PawlError.of(Code.FAILED_PRECONDITION, "the task waits no longer", reason);
  }

  /** @throws PawlError INVALID_ARGUMENT for what is no token's text; base64 and base64url are both taken */
  private static ByteString bytesOf(String taskToken) {
    try {
      return ByteString.copyFrom(Base64.getUrlDecoder().decode(taskToken.replace('+', '-').replace('/', '_')));
    } catch (IllegalArgumentException e) {
      throw PawlError.of(Code.INVALID_ARGUMENT, "the task token is not base64url text", "INVALID_TOKEN");
    }
  }
}
