package dev.pawl.v1;

import static io.grpc.MethodDescriptor.generateFullMethodName;

/**
 * <pre>
 * Start, watch, list, stop, redrive, message.
 * </pre>
 */
@io.grpc.stub.annotations.GrpcGenerated
public final class ExecutionServiceGrpc {

  private ExecutionServiceGrpc() {}

  public static final java.lang.String SERVICE_NAME = "pawl.v1.ExecutionService";

  // Static method descriptors that strictly reflect the proto.
  private static volatile io.grpc.MethodDescriptor<dev.pawl.v1.StartExecutionRequest,
      dev.pawl.v1.StartExecutionResponse> getStartExecutionMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "StartExecution",
      requestType = dev.pawl.v1.StartExecutionRequest.class,
      responseType = dev.pawl.v1.StartExecutionResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.pawl.v1.StartExecutionRequest,
      dev.pawl.v1.StartExecutionResponse> getStartExecutionMethod() {
    io.grpc.MethodDescriptor<dev.pawl.v1.StartExecutionRequest, dev.pawl.v1.StartExecutionResponse> getStartExecutionMethod;
    if ((getStartExecutionMethod = ExecutionServiceGrpc.getStartExecutionMethod) == null) {
      synchronized (ExecutionServiceGrpc.class) {
        if ((getStartExecutionMethod = ExecutionServiceGrpc.getStartExecutionMethod) == null) {
          ExecutionServiceGrpc.getStartExecutionMethod = getStartExecutionMethod =
              io.grpc.MethodDescriptor.<dev.pawl.v1.StartExecutionRequest, dev.pawl.v1.StartExecutionResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "StartExecution"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.pawl.v1.StartExecutionRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.pawl.v1.StartExecutionResponse.getDefaultInstance()))
              .setSchemaDescriptor(new ExecutionServiceMethodDescriptorSupplier("StartExecution"))
              .build();
        }
      }
    }
    return getStartExecutionMethod;
  }

  private static volatile io.grpc.MethodDescriptor<dev.pawl.v1.StartExecutionsRequest,
      dev.pawl.v1.StartExecutionsResponse> getStartExecutionsMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "StartExecutions",
      requestType = dev.pawl.v1.StartExecutionsRequest.class,
      responseType = dev.pawl.v1.StartExecutionsResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.BIDI_STREAMING)
  public static io.grpc.MethodDescriptor<dev.pawl.v1.StartExecutionsRequest,
      dev.pawl.v1.StartExecutionsResponse> getStartExecutionsMethod() {
    io.grpc.MethodDescriptor<dev.pawl.v1.StartExecutionsRequest, dev.pawl.v1.StartExecutionsResponse> getStartExecutionsMethod;
    if ((getStartExecutionsMethod = ExecutionServiceGrpc.getStartExecutionsMethod) == null) {
      synchronized (ExecutionServiceGrpc.class) {
        if ((getStartExecutionsMethod = ExecutionServiceGrpc.getStartExecutionsMethod) == null) {
          ExecutionServiceGrpc.getStartExecutionsMethod = getStartExecutionsMethod =
              io.grpc.MethodDescriptor.<dev.pawl.v1.StartExecutionsRequest, dev.pawl.v1.StartExecutionsResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.BIDI_STREAMING)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "StartExecutions"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.pawl.v1.StartExecutionsRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.pawl.v1.StartExecutionsResponse.getDefaultInstance()))
              .setSchemaDescriptor(new ExecutionServiceMethodDescriptorSupplier("StartExecutions"))
              .build();
        }
      }
    }
    return getStartExecutionsMethod;
  }

  private static volatile io.grpc.MethodDescriptor<dev.pawl.v1.RunExecutionRequest,
      dev.pawl.v1.RunExecutionResponse> getRunExecutionMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "RunExecution",
      requestType = dev.pawl.v1.RunExecutionRequest.class,
      responseType = dev.pawl.v1.RunExecutionResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.pawl.v1.RunExecutionRequest,
      dev.pawl.v1.RunExecutionResponse> getRunExecutionMethod() {
    io.grpc.MethodDescriptor<dev.pawl.v1.RunExecutionRequest, dev.pawl.v1.RunExecutionResponse> getRunExecutionMethod;
    if ((getRunExecutionMethod = ExecutionServiceGrpc.getRunExecutionMethod) == null) {
      synchronized (ExecutionServiceGrpc.class) {
        if ((getRunExecutionMethod = ExecutionServiceGrpc.getRunExecutionMethod) == null) {
          ExecutionServiceGrpc.getRunExecutionMethod = getRunExecutionMethod =
              io.grpc.MethodDescriptor.<dev.pawl.v1.RunExecutionRequest, dev.pawl.v1.RunExecutionResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "RunExecution"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.pawl.v1.RunExecutionRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.pawl.v1.RunExecutionResponse.getDefaultInstance()))
              .setSchemaDescriptor(new ExecutionServiceMethodDescriptorSupplier("RunExecution"))
              .build();
        }
      }
    }
    return getRunExecutionMethod;
  }

  private static volatile io.grpc.MethodDescriptor<dev.pawl.v1.GetExecutionRequest,
      dev.pawl.v1.GetExecutionResponse> getGetExecutionMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "GetExecution",
      requestType = dev.pawl.v1.GetExecutionRequest.class,
      responseType = dev.pawl.v1.GetExecutionResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.pawl.v1.GetExecutionRequest,
      dev.pawl.v1.GetExecutionResponse> getGetExecutionMethod() {
    io.grpc.MethodDescriptor<dev.pawl.v1.GetExecutionRequest, dev.pawl.v1.GetExecutionResponse> getGetExecutionMethod;
    if ((getGetExecutionMethod = ExecutionServiceGrpc.getGetExecutionMethod) == null) {
      synchronized (ExecutionServiceGrpc.class) {
        if ((getGetExecutionMethod = ExecutionServiceGrpc.getGetExecutionMethod) == null) {
          ExecutionServiceGrpc.getGetExecutionMethod = getGetExecutionMethod =
              io.grpc.MethodDescriptor.<dev.pawl.v1.GetExecutionRequest, dev.pawl.v1.GetExecutionResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "GetExecution"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.pawl.v1.GetExecutionRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.pawl.v1.GetExecutionResponse.getDefaultInstance()))
              .setSchemaDescriptor(new ExecutionServiceMethodDescriptorSupplier("GetExecution"))
              .build();
        }
      }
    }
    return getGetExecutionMethod;
  }

  private static volatile io.grpc.MethodDescriptor<dev.pawl.v1.ListExecutionsRequest,
      dev.pawl.v1.ListExecutionsResponse> getListExecutionsMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "ListExecutions",
      requestType = dev.pawl.v1.ListExecutionsRequest.class,
      responseType = dev.pawl.v1.ListExecutionsResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.pawl.v1.ListExecutionsRequest,
      dev.pawl.v1.ListExecutionsResponse> getListExecutionsMethod() {
    io.grpc.MethodDescriptor<dev.pawl.v1.ListExecutionsRequest, dev.pawl.v1.ListExecutionsResponse> getListExecutionsMethod;
    if ((getListExecutionsMethod = ExecutionServiceGrpc.getListExecutionsMethod) == null) {
      synchronized (ExecutionServiceGrpc.class) {
        if ((getListExecutionsMethod = ExecutionServiceGrpc.getListExecutionsMethod) == null) {
          ExecutionServiceGrpc.getListExecutionsMethod = getListExecutionsMethod =
              io.grpc.MethodDescriptor.<dev.pawl.v1.ListExecutionsRequest, dev.pawl.v1.ListExecutionsResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "ListExecutions"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.pawl.v1.ListExecutionsRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.pawl.v1.ListExecutionsResponse.getDefaultInstance()))
              .setSchemaDescriptor(new ExecutionServiceMethodDescriptorSupplier("ListExecutions"))
              .build();
        }
      }
    }
    return getListExecutionsMethod;
  }

  private static volatile io.grpc.MethodDescriptor<dev.pawl.v1.ListExecutionEventsRequest,
      dev.pawl.v1.ListExecutionEventsResponse> getListExecutionEventsMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "ListExecutionEvents",
      requestType = dev.pawl.v1.ListExecutionEventsRequest.class,
      responseType = dev.pawl.v1.ListExecutionEventsResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.pawl.v1.ListExecutionEventsRequest,
      dev.pawl.v1.ListExecutionEventsResponse> getListExecutionEventsMethod() {
    io.grpc.MethodDescriptor<dev.pawl.v1.ListExecutionEventsRequest, dev.pawl.v1.ListExecutionEventsResponse> getListExecutionEventsMethod;
    if ((getListExecutionEventsMethod = ExecutionServiceGrpc.getListExecutionEventsMethod) == null) {
      synchronized (ExecutionServiceGrpc.class) {
        if ((getListExecutionEventsMethod = ExecutionServiceGrpc.getListExecutionEventsMethod) == null) {
          ExecutionServiceGrpc.getListExecutionEventsMethod = getListExecutionEventsMethod =
              io.grpc.MethodDescriptor.<dev.pawl.v1.ListExecutionEventsRequest, dev.pawl.v1.ListExecutionEventsResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "ListExecutionEvents"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.pawl.v1.ListExecutionEventsRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.pawl.v1.ListExecutionEventsResponse.getDefaultInstance()))
              .setSchemaDescriptor(new ExecutionServiceMethodDescriptorSupplier("ListExecutionEvents"))
              .build();
        }
      }
    }
    return getListExecutionEventsMethod;
  }

  private static volatile io.grpc.MethodDescriptor<dev.pawl.v1.WatchExecutionRequest,
      dev.pawl.v1.WatchExecutionResponse> getWatchExecutionMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "WatchExecution",
      requestType = dev.pawl.v1.WatchExecutionRequest.class,
      responseType = dev.pawl.v1.WatchExecutionResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.SERVER_STREAMING)
  public static io.grpc.MethodDescriptor<dev.pawl.v1.WatchExecutionRequest,
      dev.pawl.v1.WatchExecutionResponse> getWatchExecutionMethod() {
    io.grpc.MethodDescriptor<dev.pawl.v1.WatchExecutionRequest, dev.pawl.v1.WatchExecutionResponse> getWatchExecutionMethod;
    if ((getWatchExecutionMethod = ExecutionServiceGrpc.getWatchExecutionMethod) == null) {
      synchronized (ExecutionServiceGrpc.class) {
        if ((getWatchExecutionMethod = ExecutionServiceGrpc.getWatchExecutionMethod) == null) {
          ExecutionServiceGrpc.getWatchExecutionMethod = getWatchExecutionMethod =
              io.grpc.MethodDescriptor.<dev.pawl.v1.WatchExecutionRequest, dev.pawl.v1.WatchExecutionResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.SERVER_STREAMING)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "WatchExecution"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.pawl.v1.WatchExecutionRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.pawl.v1.WatchExecutionResponse.getDefaultInstance()))
              .setSchemaDescriptor(new ExecutionServiceMethodDescriptorSupplier("WatchExecution"))
              .build();
        }
      }
    }
    return getWatchExecutionMethod;
  }

  private static volatile io.grpc.MethodDescriptor<dev.pawl.v1.WatchExecutionsRequest,
      dev.pawl.v1.WatchExecutionsResponse> getWatchExecutionsMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "WatchExecutions",
      requestType = dev.pawl.v1.WatchExecutionsRequest.class,
      responseType = dev.pawl.v1.WatchExecutionsResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.SERVER_STREAMING)
  public static io.grpc.MethodDescriptor<dev.pawl.v1.WatchExecutionsRequest,
      dev.pawl.v1.WatchExecutionsResponse> getWatchExecutionsMethod() {
    io.grpc.MethodDescriptor<dev.pawl.v1.WatchExecutionsRequest, dev.pawl.v1.WatchExecutionsResponse> getWatchExecutionsMethod;
    if ((getWatchExecutionsMethod = ExecutionServiceGrpc.getWatchExecutionsMethod) == null) {
      synchronized (ExecutionServiceGrpc.class) {
        if ((getWatchExecutionsMethod = ExecutionServiceGrpc.getWatchExecutionsMethod) == null) {
          ExecutionServiceGrpc.getWatchExecutionsMethod = getWatchExecutionsMethod =
              io.grpc.MethodDescriptor.<dev.pawl.v1.WatchExecutionsRequest, dev.pawl.v1.WatchExecutionsResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.SERVER_STREAMING)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "WatchExecutions"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.pawl.v1.WatchExecutionsRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.pawl.v1.WatchExecutionsResponse.getDefaultInstance()))
              .setSchemaDescriptor(new ExecutionServiceMethodDescriptorSupplier("WatchExecutions"))
              .build();
        }
      }
    }
    return getWatchExecutionsMethod;
  }

  private static volatile io.grpc.MethodDescriptor<dev.pawl.v1.StopExecutionRequest,
      dev.pawl.v1.StopExecutionResponse> getStopExecutionMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "StopExecution",
      requestType = dev.pawl.v1.StopExecutionRequest.class,
      responseType = dev.pawl.v1.StopExecutionResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.pawl.v1.StopExecutionRequest,
      dev.pawl.v1.StopExecutionResponse> getStopExecutionMethod() {
    io.grpc.MethodDescriptor<dev.pawl.v1.StopExecutionRequest, dev.pawl.v1.StopExecutionResponse> getStopExecutionMethod;
    if ((getStopExecutionMethod = ExecutionServiceGrpc.getStopExecutionMethod) == null) {
      synchronized (ExecutionServiceGrpc.class) {
        if ((getStopExecutionMethod = ExecutionServiceGrpc.getStopExecutionMethod) == null) {
          ExecutionServiceGrpc.getStopExecutionMethod = getStopExecutionMethod =
              io.grpc.MethodDescriptor.<dev.pawl.v1.StopExecutionRequest, dev.pawl.v1.StopExecutionResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "StopExecution"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.pawl.v1.StopExecutionRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.pawl.v1.StopExecutionResponse.getDefaultInstance()))
              .setSchemaDescriptor(new ExecutionServiceMethodDescriptorSupplier("StopExecution"))
              .build();
        }
      }
    }
    return getStopExecutionMethod;
  }

  private static volatile io.grpc.MethodDescriptor<dev.pawl.v1.PauseExecutionRequest,
      dev.pawl.v1.PauseExecutionResponse> getPauseExecutionMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "PauseExecution",
      requestType = dev.pawl.v1.PauseExecutionRequest.class,
      responseType = dev.pawl.v1.PauseExecutionResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.pawl.v1.PauseExecutionRequest,
      dev.pawl.v1.PauseExecutionResponse> getPauseExecutionMethod() {
    io.grpc.MethodDescriptor<dev.pawl.v1.PauseExecutionRequest, dev.pawl.v1.PauseExecutionResponse> getPauseExecutionMethod;
    if ((getPauseExecutionMethod = ExecutionServiceGrpc.getPauseExecutionMethod) == null) {
      synchronized (ExecutionServiceGrpc.class) {
        if ((getPauseExecutionMethod = ExecutionServiceGrpc.getPauseExecutionMethod) == null) {
          ExecutionServiceGrpc.getPauseExecutionMethod = getPauseExecutionMethod =
              io.grpc.MethodDescriptor.<dev.pawl.v1.PauseExecutionRequest, dev.pawl.v1.PauseExecutionResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "PauseExecution"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.pawl.v1.PauseExecutionRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.pawl.v1.PauseExecutionResponse.getDefaultInstance()))
              .setSchemaDescriptor(new ExecutionServiceMethodDescriptorSupplier("PauseExecution"))
              .build();
        }
      }
    }
    return getPauseExecutionMethod;
  }

  private static volatile io.grpc.MethodDescriptor<dev.pawl.v1.ResumeExecutionRequest,
      dev.pawl.v1.ResumeExecutionResponse> getResumeExecutionMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "ResumeExecution",
      requestType = dev.pawl.v1.ResumeExecutionRequest.class,
      responseType = dev.pawl.v1.ResumeExecutionResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.pawl.v1.ResumeExecutionRequest,
      dev.pawl.v1.ResumeExecutionResponse> getResumeExecutionMethod() {
    io.grpc.MethodDescriptor<dev.pawl.v1.ResumeExecutionRequest, dev.pawl.v1.ResumeExecutionResponse> getResumeExecutionMethod;
    if ((getResumeExecutionMethod = ExecutionServiceGrpc.getResumeExecutionMethod) == null) {
      synchronized (ExecutionServiceGrpc.class) {
        if ((getResumeExecutionMethod = ExecutionServiceGrpc.getResumeExecutionMethod) == null) {
          ExecutionServiceGrpc.getResumeExecutionMethod = getResumeExecutionMethod =
              io.grpc.MethodDescriptor.<dev.pawl.v1.ResumeExecutionRequest, dev.pawl.v1.ResumeExecutionResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "ResumeExecution"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.pawl.v1.ResumeExecutionRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.pawl.v1.ResumeExecutionResponse.getDefaultInstance()))
              .setSchemaDescriptor(new ExecutionServiceMethodDescriptorSupplier("ResumeExecution"))
              .build();
        }
      }
    }
    return getResumeExecutionMethod;
  }

  private static volatile io.grpc.MethodDescriptor<dev.pawl.v1.RedriveExecutionRequest,
      dev.pawl.v1.RedriveExecutionResponse> getRedriveExecutionMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "RedriveExecution",
      requestType = dev.pawl.v1.RedriveExecutionRequest.class,
      responseType = dev.pawl.v1.RedriveExecutionResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.pawl.v1.RedriveExecutionRequest,
      dev.pawl.v1.RedriveExecutionResponse> getRedriveExecutionMethod() {
    io.grpc.MethodDescriptor<dev.pawl.v1.RedriveExecutionRequest, dev.pawl.v1.RedriveExecutionResponse> getRedriveExecutionMethod;
    if ((getRedriveExecutionMethod = ExecutionServiceGrpc.getRedriveExecutionMethod) == null) {
      synchronized (ExecutionServiceGrpc.class) {
        if ((getRedriveExecutionMethod = ExecutionServiceGrpc.getRedriveExecutionMethod) == null) {
          ExecutionServiceGrpc.getRedriveExecutionMethod = getRedriveExecutionMethod =
              io.grpc.MethodDescriptor.<dev.pawl.v1.RedriveExecutionRequest, dev.pawl.v1.RedriveExecutionResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "RedriveExecution"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.pawl.v1.RedriveExecutionRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.pawl.v1.RedriveExecutionResponse.getDefaultInstance()))
              .setSchemaDescriptor(new ExecutionServiceMethodDescriptorSupplier("RedriveExecution"))
              .build();
        }
      }
    }
    return getRedriveExecutionMethod;
  }

  private static volatile io.grpc.MethodDescriptor<dev.pawl.v1.SendMessageRequest,
      dev.pawl.v1.SendMessageResponse> getSendMessageMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "SendMessage",
      requestType = dev.pawl.v1.SendMessageRequest.class,
      responseType = dev.pawl.v1.SendMessageResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.pawl.v1.SendMessageRequest,
      dev.pawl.v1.SendMessageResponse> getSendMessageMethod() {
    io.grpc.MethodDescriptor<dev.pawl.v1.SendMessageRequest, dev.pawl.v1.SendMessageResponse> getSendMessageMethod;
    if ((getSendMessageMethod = ExecutionServiceGrpc.getSendMessageMethod) == null) {
      synchronized (ExecutionServiceGrpc.class) {
        if ((getSendMessageMethod = ExecutionServiceGrpc.getSendMessageMethod) == null) {
          ExecutionServiceGrpc.getSendMessageMethod = getSendMessageMethod =
              io.grpc.MethodDescriptor.<dev.pawl.v1.SendMessageRequest, dev.pawl.v1.SendMessageResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "SendMessage"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.pawl.v1.SendMessageRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.pawl.v1.SendMessageResponse.getDefaultInstance()))
              .setSchemaDescriptor(new ExecutionServiceMethodDescriptorSupplier("SendMessage"))
              .build();
        }
      }
    }
    return getSendMessageMethod;
  }

  private static volatile io.grpc.MethodDescriptor<dev.pawl.v1.ListMessageWaitsRequest,
      dev.pawl.v1.ListMessageWaitsResponse> getListMessageWaitsMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "ListMessageWaits",
      requestType = dev.pawl.v1.ListMessageWaitsRequest.class,
      responseType = dev.pawl.v1.ListMessageWaitsResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.pawl.v1.ListMessageWaitsRequest,
      dev.pawl.v1.ListMessageWaitsResponse> getListMessageWaitsMethod() {
    io.grpc.MethodDescriptor<dev.pawl.v1.ListMessageWaitsRequest, dev.pawl.v1.ListMessageWaitsResponse> getListMessageWaitsMethod;
    if ((getListMessageWaitsMethod = ExecutionServiceGrpc.getListMessageWaitsMethod) == null) {
      synchronized (ExecutionServiceGrpc.class) {
        if ((getListMessageWaitsMethod = ExecutionServiceGrpc.getListMessageWaitsMethod) == null) {
          ExecutionServiceGrpc.getListMessageWaitsMethod = getListMessageWaitsMethod =
              io.grpc.MethodDescriptor.<dev.pawl.v1.ListMessageWaitsRequest, dev.pawl.v1.ListMessageWaitsResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "ListMessageWaits"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.pawl.v1.ListMessageWaitsRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.pawl.v1.ListMessageWaitsResponse.getDefaultInstance()))
              .setSchemaDescriptor(new ExecutionServiceMethodDescriptorSupplier("ListMessageWaits"))
              .build();
        }
      }
    }
    return getListMessageWaitsMethod;
  }

  private static volatile io.grpc.MethodDescriptor<dev.pawl.v1.ListExecutionLinksRequest,
      dev.pawl.v1.ListExecutionLinksResponse> getListExecutionLinksMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "ListExecutionLinks",
      requestType = dev.pawl.v1.ListExecutionLinksRequest.class,
      responseType = dev.pawl.v1.ListExecutionLinksResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.pawl.v1.ListExecutionLinksRequest,
      dev.pawl.v1.ListExecutionLinksResponse> getListExecutionLinksMethod() {
    io.grpc.MethodDescriptor<dev.pawl.v1.ListExecutionLinksRequest, dev.pawl.v1.ListExecutionLinksResponse> getListExecutionLinksMethod;
    if ((getListExecutionLinksMethod = ExecutionServiceGrpc.getListExecutionLinksMethod) == null) {
      synchronized (ExecutionServiceGrpc.class) {
        if ((getListExecutionLinksMethod = ExecutionServiceGrpc.getListExecutionLinksMethod) == null) {
          ExecutionServiceGrpc.getListExecutionLinksMethod = getListExecutionLinksMethod =
              io.grpc.MethodDescriptor.<dev.pawl.v1.ListExecutionLinksRequest, dev.pawl.v1.ListExecutionLinksResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "ListExecutionLinks"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.pawl.v1.ListExecutionLinksRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.pawl.v1.ListExecutionLinksResponse.getDefaultInstance()))
              .setSchemaDescriptor(new ExecutionServiceMethodDescriptorSupplier("ListExecutionLinks"))
              .build();
        }
      }
    }
    return getListExecutionLinksMethod;
  }

  private static volatile io.grpc.MethodDescriptor<dev.pawl.v1.CountExecutionLinksRequest,
      dev.pawl.v1.CountExecutionLinksResponse> getCountExecutionLinksMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "CountExecutionLinks",
      requestType = dev.pawl.v1.CountExecutionLinksRequest.class,
      responseType = dev.pawl.v1.CountExecutionLinksResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.pawl.v1.CountExecutionLinksRequest,
      dev.pawl.v1.CountExecutionLinksResponse> getCountExecutionLinksMethod() {
    io.grpc.MethodDescriptor<dev.pawl.v1.CountExecutionLinksRequest, dev.pawl.v1.CountExecutionLinksResponse> getCountExecutionLinksMethod;
    if ((getCountExecutionLinksMethod = ExecutionServiceGrpc.getCountExecutionLinksMethod) == null) {
      synchronized (ExecutionServiceGrpc.class) {
        if ((getCountExecutionLinksMethod = ExecutionServiceGrpc.getCountExecutionLinksMethod) == null) {
          ExecutionServiceGrpc.getCountExecutionLinksMethod = getCountExecutionLinksMethod =
              io.grpc.MethodDescriptor.<dev.pawl.v1.CountExecutionLinksRequest, dev.pawl.v1.CountExecutionLinksResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "CountExecutionLinks"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.pawl.v1.CountExecutionLinksRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.pawl.v1.CountExecutionLinksResponse.getDefaultInstance()))
              .setSchemaDescriptor(new ExecutionServiceMethodDescriptorSupplier("CountExecutionLinks"))
              .build();
        }
      }
    }
    return getCountExecutionLinksMethod;
  }

  private static volatile io.grpc.MethodDescriptor<dev.pawl.v1.CountExecutionsRequest,
      dev.pawl.v1.CountExecutionsResponse> getCountExecutionsMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "CountExecutions",
      requestType = dev.pawl.v1.CountExecutionsRequest.class,
      responseType = dev.pawl.v1.CountExecutionsResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.pawl.v1.CountExecutionsRequest,
      dev.pawl.v1.CountExecutionsResponse> getCountExecutionsMethod() {
    io.grpc.MethodDescriptor<dev.pawl.v1.CountExecutionsRequest, dev.pawl.v1.CountExecutionsResponse> getCountExecutionsMethod;
    if ((getCountExecutionsMethod = ExecutionServiceGrpc.getCountExecutionsMethod) == null) {
      synchronized (ExecutionServiceGrpc.class) {
        if ((getCountExecutionsMethod = ExecutionServiceGrpc.getCountExecutionsMethod) == null) {
          ExecutionServiceGrpc.getCountExecutionsMethod = getCountExecutionsMethod =
              io.grpc.MethodDescriptor.<dev.pawl.v1.CountExecutionsRequest, dev.pawl.v1.CountExecutionsResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "CountExecutions"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.pawl.v1.CountExecutionsRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.pawl.v1.CountExecutionsResponse.getDefaultInstance()))
              .setSchemaDescriptor(new ExecutionServiceMethodDescriptorSupplier("CountExecutions"))
              .build();
        }
      }
    }
    return getCountExecutionsMethod;
  }

  private static volatile io.grpc.MethodDescriptor<dev.pawl.v1.DeleteExecutionRequest,
      dev.pawl.v1.DeleteExecutionResponse> getDeleteExecutionMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "DeleteExecution",
      requestType = dev.pawl.v1.DeleteExecutionRequest.class,
      responseType = dev.pawl.v1.DeleteExecutionResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.pawl.v1.DeleteExecutionRequest,
      dev.pawl.v1.DeleteExecutionResponse> getDeleteExecutionMethod() {
    io.grpc.MethodDescriptor<dev.pawl.v1.DeleteExecutionRequest, dev.pawl.v1.DeleteExecutionResponse> getDeleteExecutionMethod;
    if ((getDeleteExecutionMethod = ExecutionServiceGrpc.getDeleteExecutionMethod) == null) {
      synchronized (ExecutionServiceGrpc.class) {
        if ((getDeleteExecutionMethod = ExecutionServiceGrpc.getDeleteExecutionMethod) == null) {
          ExecutionServiceGrpc.getDeleteExecutionMethod = getDeleteExecutionMethod =
              io.grpc.MethodDescriptor.<dev.pawl.v1.DeleteExecutionRequest, dev.pawl.v1.DeleteExecutionResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "DeleteExecution"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.pawl.v1.DeleteExecutionRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.pawl.v1.DeleteExecutionResponse.getDefaultInstance()))
              .setSchemaDescriptor(new ExecutionServiceMethodDescriptorSupplier("DeleteExecution"))
              .build();
        }
      }
    }
    return getDeleteExecutionMethod;
  }

  private static volatile io.grpc.MethodDescriptor<dev.pawl.v1.GetExecutionStatisticsRequest,
      dev.pawl.v1.GetExecutionStatisticsResponse> getGetExecutionStatisticsMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "GetExecutionStatistics",
      requestType = dev.pawl.v1.GetExecutionStatisticsRequest.class,
      responseType = dev.pawl.v1.GetExecutionStatisticsResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.pawl.v1.GetExecutionStatisticsRequest,
      dev.pawl.v1.GetExecutionStatisticsResponse> getGetExecutionStatisticsMethod() {
    io.grpc.MethodDescriptor<dev.pawl.v1.GetExecutionStatisticsRequest, dev.pawl.v1.GetExecutionStatisticsResponse> getGetExecutionStatisticsMethod;
    if ((getGetExecutionStatisticsMethod = ExecutionServiceGrpc.getGetExecutionStatisticsMethod) == null) {
      synchronized (ExecutionServiceGrpc.class) {
        if ((getGetExecutionStatisticsMethod = ExecutionServiceGrpc.getGetExecutionStatisticsMethod) == null) {
          ExecutionServiceGrpc.getGetExecutionStatisticsMethod = getGetExecutionStatisticsMethod =
              io.grpc.MethodDescriptor.<dev.pawl.v1.GetExecutionStatisticsRequest, dev.pawl.v1.GetExecutionStatisticsResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "GetExecutionStatistics"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.pawl.v1.GetExecutionStatisticsRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.pawl.v1.GetExecutionStatisticsResponse.getDefaultInstance()))
              .setSchemaDescriptor(new ExecutionServiceMethodDescriptorSupplier("GetExecutionStatistics"))
              .build();
        }
      }
    }
    return getGetExecutionStatisticsMethod;
  }

  private static volatile io.grpc.MethodDescriptor<dev.pawl.v1.GetMapRunRequest,
      dev.pawl.v1.GetMapRunResponse> getGetMapRunMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "GetMapRun",
      requestType = dev.pawl.v1.GetMapRunRequest.class,
      responseType = dev.pawl.v1.GetMapRunResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.pawl.v1.GetMapRunRequest,
      dev.pawl.v1.GetMapRunResponse> getGetMapRunMethod() {
    io.grpc.MethodDescriptor<dev.pawl.v1.GetMapRunRequest, dev.pawl.v1.GetMapRunResponse> getGetMapRunMethod;
    if ((getGetMapRunMethod = ExecutionServiceGrpc.getGetMapRunMethod) == null) {
      synchronized (ExecutionServiceGrpc.class) {
        if ((getGetMapRunMethod = ExecutionServiceGrpc.getGetMapRunMethod) == null) {
          ExecutionServiceGrpc.getGetMapRunMethod = getGetMapRunMethod =
              io.grpc.MethodDescriptor.<dev.pawl.v1.GetMapRunRequest, dev.pawl.v1.GetMapRunResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "GetMapRun"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.pawl.v1.GetMapRunRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.pawl.v1.GetMapRunResponse.getDefaultInstance()))
              .setSchemaDescriptor(new ExecutionServiceMethodDescriptorSupplier("GetMapRun"))
              .build();
        }
      }
    }
    return getGetMapRunMethod;
  }

  private static volatile io.grpc.MethodDescriptor<dev.pawl.v1.ListMapRunsRequest,
      dev.pawl.v1.ListMapRunsResponse> getListMapRunsMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "ListMapRuns",
      requestType = dev.pawl.v1.ListMapRunsRequest.class,
      responseType = dev.pawl.v1.ListMapRunsResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.pawl.v1.ListMapRunsRequest,
      dev.pawl.v1.ListMapRunsResponse> getListMapRunsMethod() {
    io.grpc.MethodDescriptor<dev.pawl.v1.ListMapRunsRequest, dev.pawl.v1.ListMapRunsResponse> getListMapRunsMethod;
    if ((getListMapRunsMethod = ExecutionServiceGrpc.getListMapRunsMethod) == null) {
      synchronized (ExecutionServiceGrpc.class) {
        if ((getListMapRunsMethod = ExecutionServiceGrpc.getListMapRunsMethod) == null) {
          ExecutionServiceGrpc.getListMapRunsMethod = getListMapRunsMethod =
              io.grpc.MethodDescriptor.<dev.pawl.v1.ListMapRunsRequest, dev.pawl.v1.ListMapRunsResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "ListMapRuns"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.pawl.v1.ListMapRunsRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.pawl.v1.ListMapRunsResponse.getDefaultInstance()))
              .setSchemaDescriptor(new ExecutionServiceMethodDescriptorSupplier("ListMapRuns"))
              .build();
        }
      }
    }
    return getListMapRunsMethod;
  }

  private static volatile io.grpc.MethodDescriptor<dev.pawl.v1.UpdateMapRunRequest,
      dev.pawl.v1.UpdateMapRunResponse> getUpdateMapRunMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "UpdateMapRun",
      requestType = dev.pawl.v1.UpdateMapRunRequest.class,
      responseType = dev.pawl.v1.UpdateMapRunResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.pawl.v1.UpdateMapRunRequest,
      dev.pawl.v1.UpdateMapRunResponse> getUpdateMapRunMethod() {
    io.grpc.MethodDescriptor<dev.pawl.v1.UpdateMapRunRequest, dev.pawl.v1.UpdateMapRunResponse> getUpdateMapRunMethod;
    if ((getUpdateMapRunMethod = ExecutionServiceGrpc.getUpdateMapRunMethod) == null) {
      synchronized (ExecutionServiceGrpc.class) {
        if ((getUpdateMapRunMethod = ExecutionServiceGrpc.getUpdateMapRunMethod) == null) {
          ExecutionServiceGrpc.getUpdateMapRunMethod = getUpdateMapRunMethod =
              io.grpc.MethodDescriptor.<dev.pawl.v1.UpdateMapRunRequest, dev.pawl.v1.UpdateMapRunResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "UpdateMapRun"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.pawl.v1.UpdateMapRunRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.pawl.v1.UpdateMapRunResponse.getDefaultInstance()))
              .setSchemaDescriptor(new ExecutionServiceMethodDescriptorSupplier("UpdateMapRun"))
              .build();
        }
      }
    }
    return getUpdateMapRunMethod;
  }

  /**
   * Creates a new async stub that supports all call types for the service
   */
  public static ExecutionServiceStub newStub(io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<ExecutionServiceStub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<ExecutionServiceStub>() {
        @java.lang.Override
        public ExecutionServiceStub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new ExecutionServiceStub(channel, callOptions);
        }
      };
    return ExecutionServiceStub.newStub(factory, channel);
  }

  /**
   * Creates a new blocking-style stub that supports all types of calls on the service
   */
  public static ExecutionServiceBlockingV2Stub newBlockingV2Stub(
      io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<ExecutionServiceBlockingV2Stub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<ExecutionServiceBlockingV2Stub>() {
        @java.lang.Override
        public ExecutionServiceBlockingV2Stub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new ExecutionServiceBlockingV2Stub(channel, callOptions);
        }
      };
    return ExecutionServiceBlockingV2Stub.newStub(factory, channel);
  }

  /**
   * Creates a new blocking-style stub that supports unary and streaming output calls on the service
   */
  public static ExecutionServiceBlockingStub newBlockingStub(
      io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<ExecutionServiceBlockingStub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<ExecutionServiceBlockingStub>() {
        @java.lang.Override
        public ExecutionServiceBlockingStub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new ExecutionServiceBlockingStub(channel, callOptions);
        }
      };
    return ExecutionServiceBlockingStub.newStub(factory, channel);
  }

  /**
   * Creates a new ListenableFuture-style stub that supports unary calls on the service
   */
  public static ExecutionServiceFutureStub newFutureStub(
      io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<ExecutionServiceFutureStub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<ExecutionServiceFutureStub>() {
        @java.lang.Override
        public ExecutionServiceFutureStub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new ExecutionServiceFutureStub(channel, callOptions);
        }
      };
    return ExecutionServiceFutureStub.newStub(factory, channel);
  }

  /**
   * <pre>
   * Start, watch, list, stop, redrive, message.
   * </pre>
   */
  public interface AsyncService {

    /**
     * <pre>
     * Starts. Same name + same input while RUNNING returns the same execution (SFN rule).
     * </pre>
     */
    default void startExecution(dev.pawl.v1.StartExecutionRequest request,
        io.grpc.stub.StreamObserver<dev.pawl.v1.StartExecutionResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getStartExecutionMethod(), responseObserver);
    }

    /**
     * <pre>
     * Pipelined starts for service-to-service load: one ordered stream, many starts in flight,
     * answers as each becomes durable (correlated by `sequence`, any order). Unary start stays
     * the simple way; this one costs a small part of its CPU.
     * A start with `follow` is answered twice: `response` once the start is durable, then `ended`
     * once the execution has closed and that is durable; never `ended` before `response`. A refused
     * start is answered once, by `error`. So one stream both starts work and learns its results.
     * After the client has half-closed, the server answers what is open, followed executions
     * included, and then ends the stream with OK. When the stream breaks, name your executions and
     * send the unanswered starts again: a start that was already made is answered with `created`
     * false, and `follow` then reports its end, at once if it has closed meanwhile.
     * </pre>
     */
    default io.grpc.stub.StreamObserver<dev.pawl.v1.StartExecutionsRequest> startExecutions(
        io.grpc.stub.StreamObserver<dev.pawl.v1.StartExecutionsResponse> responseObserver) {
      return io.grpc.stub.ServerCalls.asyncUnimplementedStreamingCall(getStartExecutionsMethod(), responseObserver);
    }

    /**
     * <pre>
     * Starts and waits for the end; the RPC deadline bounds the wait, not the execution.
     * </pre>
     */
    default void runExecution(dev.pawl.v1.RunExecutionRequest request,
        io.grpc.stub.StreamObserver<dev.pawl.v1.RunExecutionResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getRunExecutionMethod(), responseObserver);
    }

    /**
     * <pre>
     * Reads one.
     * </pre>
     */
    default void getExecution(dev.pawl.v1.GetExecutionRequest request,
        io.grpc.stub.StreamObserver<dev.pawl.v1.GetExecutionResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getGetExecutionMethod(), responseObserver);
    }

    /**
     * <pre>
     * Lists.
     * </pre>
     */
    default void listExecutions(dev.pawl.v1.ListExecutionsRequest request,
        io.grpc.stub.StreamObserver<dev.pawl.v1.ListExecutionsResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getListExecutionsMethod(), responseObserver);
    }

    /**
     * <pre>
     * History page.
     * </pre>
     */
    default void listExecutionEvents(dev.pawl.v1.ListExecutionEventsRequest request,
        io.grpc.stub.StreamObserver<dev.pawl.v1.ListExecutionEventsResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getListExecutionEventsMethod(), responseObserver);
    }

    /**
     * <pre>
     * Live updates of one execution; snapshot first, then events; resumable.
     * </pre>
     */
    default void watchExecution(dev.pawl.v1.WatchExecutionRequest request,
        io.grpc.stub.StreamObserver<dev.pawl.v1.WatchExecutionResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getWatchExecutionMethod(), responseObserver);
    }

    /**
     * <pre>
     * Live changes of a filtered set (dashboards, service-to-service fan-in); resumable.
     * </pre>
     */
    default void watchExecutions(dev.pawl.v1.WatchExecutionsRequest request,
        io.grpc.stub.StreamObserver<dev.pawl.v1.WatchExecutionsResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getWatchExecutionsMethod(), responseObserver);
    }

    /**
     * <pre>
     * Stops; cancels its tasks; terminal executions answer FAILED_PRECONDITION.
     * </pre>
     */
    default void stopExecution(dev.pawl.v1.StopExecutionRequest request,
        io.grpc.stub.StreamObserver<dev.pawl.v1.StopExecutionResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getStopExecutionMethod(), responseObserver);
    }

    /**
     * <pre>
     * Begins no state and schedules no task from now on, and keeps from workers what they do not have
     * yet. What they have goes on: how it ends is recorded at once, and what follows from it waits for
     * ResumeExecution, even the execution's own end. Waits and time-outs that come due do the same.
     * Executions that it has begun go on. TimeoutSeconds of the state machine still applies. One that is
     * paused stays as it is.
     * </pre>
     */
    default void pauseExecution(dev.pawl.v1.PauseExecutionRequest request,
        io.grpc.stub.StreamObserver<dev.pawl.v1.PauseExecutionResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getPauseExecutionMethod(), responseObserver);
    }

    /**
     * <pre>
     * A paused execution goes on exactly where it stood; one that is not paused stays as it is.
     * </pre>
     */
    default void resumeExecution(dev.pawl.v1.ResumeExecutionRequest request,
        io.grpc.stub.StreamObserver<dev.pawl.v1.ResumeExecutionResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getResumeExecutionMethod(), responseObserver);
    }

    /**
     * <pre>
     * Restarts a failed/aborted/timed-out execution from its failed states, or from a named one.
     * </pre>
     */
    default void redriveExecution(dev.pawl.v1.RedriveExecutionRequest request,
        io.grpc.stub.StreamObserver<dev.pawl.v1.RedriveExecutionResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getRedriveExecutionMethod(), responseObserver);
    }

    /**
     * <pre>
     * Delivers a message to Message states waiting on (key, value).
     * </pre>
     */
    default void sendMessage(dev.pawl.v1.SendMessageRequest request,
        io.grpc.stub.StreamObserver<dev.pawl.v1.SendMessageResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getSendMessageMethod(), responseObserver);
    }

    /**
     * <pre>
     * Open waits.
     * </pre>
     */
    default void listMessageWaits(dev.pawl.v1.ListMessageWaitsRequest request,
        io.grpc.stub.StreamObserver<dev.pawl.v1.ListMessageWaitsResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getListMessageWaitsMethod(), responseObserver);
    }

    /**
     * <pre>
     * Chain edges: what fed what.
     * </pre>
     */
    default void listExecutionLinks(dev.pawl.v1.ListExecutionLinksRequest request,
        io.grpc.stub.StreamObserver<dev.pawl.v1.ListExecutionLinksResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getListExecutionLinksMethod(), responseObserver);
    }

    /**
     * <pre>
     * How many chain edges there are.
     * </pre>
     */
    default void countExecutionLinks(dev.pawl.v1.CountExecutionLinksRequest request,
        io.grpc.stub.StreamObserver<dev.pawl.v1.CountExecutionLinksResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getCountExecutionLinksMethod(), responseObserver);
    }

    /**
     * <pre>
     * How many there are.
     * </pre>
     */
    default void countExecutions(dev.pawl.v1.CountExecutionsRequest request,
        io.grpc.stub.StreamObserver<dev.pawl.v1.CountExecutionsResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getCountExecutionsMethod(), responseObserver);
    }

    /**
     * <pre>
     * Removes a closed execution with its history, and the children of its map runs; a running one
     * answers FAILED_PRECONDITION. Its name can be used again.
     * </pre>
     */
    default void deleteExecution(dev.pawl.v1.DeleteExecutionRequest request,
        io.grpc.stub.StreamObserver<dev.pawl.v1.DeleteExecutionResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getDeleteExecutionMethod(), responseObserver);
    }

    /**
     * <pre>
     * Counts and duration percentiles, optionally as a time series.
     * </pre>
     */
    default void getExecutionStatistics(dev.pawl.v1.GetExecutionStatisticsRequest request,
        io.grpc.stub.StreamObserver<dev.pawl.v1.GetExecutionStatisticsResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getGetExecutionStatisticsMethod(), responseObserver);
    }

    /**
     * <pre>
     * Map run (child executions of a Map state) counters and limits.
     * </pre>
     */
    default void getMapRun(dev.pawl.v1.GetMapRunRequest request,
        io.grpc.stub.StreamObserver<dev.pawl.v1.GetMapRunResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getGetMapRunMethod(), responseObserver);
    }

    /**
     * <pre>
     * The map runs of one execution, newest first.
     * </pre>
     */
    default void listMapRuns(dev.pawl.v1.ListMapRunsRequest request,
        io.grpc.stub.StreamObserver<dev.pawl.v1.ListMapRunsResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getListMapRunsMethod(), responseObserver);
    }

    /**
     * <pre>
     * Changes concurrency and tolerated failures of a running map run.
     * </pre>
     */
    default void updateMapRun(dev.pawl.v1.UpdateMapRunRequest request,
        io.grpc.stub.StreamObserver<dev.pawl.v1.UpdateMapRunResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getUpdateMapRunMethod(), responseObserver);
    }
  }

  /**
   * Base class for the server implementation of the service ExecutionService.
   * <pre>
   * Start, watch, list, stop, redrive, message.
   * </pre>
   */
  public static abstract class ExecutionServiceImplBase
      implements io.grpc.BindableService, AsyncService {

    @java.lang.Override public final io.grpc.ServerServiceDefinition bindService() {
      return ExecutionServiceGrpc.bindService(this);
    }
  }

  /**
   * A stub to allow clients to do asynchronous rpc calls to service ExecutionService.
   * <pre>
   * Start, watch, list, stop, redrive, message.
   * </pre>
   */
  public static final class ExecutionServiceStub
      extends io.grpc.stub.AbstractAsyncStub<ExecutionServiceStub> {
    private ExecutionServiceStub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected ExecutionServiceStub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new ExecutionServiceStub(channel, callOptions);
    }

    /**
     * <pre>
     * Starts. Same name + same input while RUNNING returns the same execution (SFN rule).
     * </pre>
     */
    public void startExecution(dev.pawl.v1.StartExecutionRequest request,
        io.grpc.stub.StreamObserver<dev.pawl.v1.StartExecutionResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getStartExecutionMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Pipelined starts for service-to-service load: one ordered stream, many starts in flight,
     * answers as each becomes durable (correlated by `sequence`, any order). Unary start stays
     * the simple way; this one costs a small part of its CPU.
     * A start with `follow` is answered twice: `response` once the start is durable, then `ended`
     * once the execution has closed and that is durable; never `ended` before `response`. A refused
     * start is answered once, by `error`. So one stream both starts work and learns its results.
     * After the client has half-closed, the server answers what is open, followed executions
     * included, and then ends the stream with OK. When the stream breaks, name your executions and
     * send the unanswered starts again: a start that was already made is answered with `created`
     * false, and `follow` then reports its end, at once if it has closed meanwhile.
     * </pre>
     */
    public io.grpc.stub.StreamObserver<dev.pawl.v1.StartExecutionsRequest> startExecutions(
        io.grpc.stub.StreamObserver<dev.pawl.v1.StartExecutionsResponse> responseObserver) {
      return io.grpc.stub.ClientCalls.asyncBidiStreamingCall(
          getChannel().newCall(getStartExecutionsMethod(), getCallOptions()), responseObserver);
    }

    /**
     * <pre>
     * Starts and waits for the end; the RPC deadline bounds the wait, not the execution.
     * </pre>
     */
    public void runExecution(dev.pawl.v1.RunExecutionRequest request,
        io.grpc.stub.StreamObserver<dev.pawl.v1.RunExecutionResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getRunExecutionMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Reads one.
     * </pre>
     */
    public void getExecution(dev.pawl.v1.GetExecutionRequest request,
        io.grpc.stub.StreamObserver<dev.pawl.v1.GetExecutionResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getGetExecutionMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Lists.
     * </pre>
     */
    public void listExecutions(dev.pawl.v1.ListExecutionsRequest request,
        io.grpc.stub.StreamObserver<dev.pawl.v1.ListExecutionsResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getListExecutionsMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * History page.
     * </pre>
     */
    public void listExecutionEvents(dev.pawl.v1.ListExecutionEventsRequest request,
        io.grpc.stub.StreamObserver<dev.pawl.v1.ListExecutionEventsResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getListExecutionEventsMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Live updates of one execution; snapshot first, then events; resumable.
     * </pre>
     */
    public void watchExecution(dev.pawl.v1.WatchExecutionRequest request,
        io.grpc.stub.StreamObserver<dev.pawl.v1.WatchExecutionResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncServerStreamingCall(
          getChannel().newCall(getWatchExecutionMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Live changes of a filtered set (dashboards, service-to-service fan-in); resumable.
     * </pre>
     */
    public void watchExecutions(dev.pawl.v1.WatchExecutionsRequest request,
        io.grpc.stub.StreamObserver<dev.pawl.v1.WatchExecutionsResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncServerStreamingCall(
          getChannel().newCall(getWatchExecutionsMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Stops; cancels its tasks; terminal executions answer FAILED_PRECONDITION.
     * </pre>
     */
    public void stopExecution(dev.pawl.v1.StopExecutionRequest request,
        io.grpc.stub.StreamObserver<dev.pawl.v1.StopExecutionResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getStopExecutionMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Begins no state and schedules no task from now on, and keeps from workers what they do not have
     * yet. What they have goes on: how it ends is recorded at once, and what follows from it waits for
     * ResumeExecution, even the execution's own end. Waits and time-outs that come due do the same.
     * Executions that it has begun go on. TimeoutSeconds of the state machine still applies. One that is
     * paused stays as it is.
     * </pre>
     */
    public void pauseExecution(dev.pawl.v1.PauseExecutionRequest request,
        io.grpc.stub.StreamObserver<dev.pawl.v1.PauseExecutionResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getPauseExecutionMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * A paused execution goes on exactly where it stood; one that is not paused stays as it is.
     * </pre>
     */
    public void resumeExecution(dev.pawl.v1.ResumeExecutionRequest request,
        io.grpc.stub.StreamObserver<dev.pawl.v1.ResumeExecutionResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getResumeExecutionMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Restarts a failed/aborted/timed-out execution from its failed states, or from a named one.
     * </pre>
     */
    public void redriveExecution(dev.pawl.v1.RedriveExecutionRequest request,
        io.grpc.stub.StreamObserver<dev.pawl.v1.RedriveExecutionResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getRedriveExecutionMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Delivers a message to Message states waiting on (key, value).
     * </pre>
     */
    public void sendMessage(dev.pawl.v1.SendMessageRequest request,
        io.grpc.stub.StreamObserver<dev.pawl.v1.SendMessageResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getSendMessageMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Open waits.
     * </pre>
     */
    public void listMessageWaits(dev.pawl.v1.ListMessageWaitsRequest request,
        io.grpc.stub.StreamObserver<dev.pawl.v1.ListMessageWaitsResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getListMessageWaitsMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Chain edges: what fed what.
     * </pre>
     */
    public void listExecutionLinks(dev.pawl.v1.ListExecutionLinksRequest request,
        io.grpc.stub.StreamObserver<dev.pawl.v1.ListExecutionLinksResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getListExecutionLinksMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * How many chain edges there are.
     * </pre>
     */
    public void countExecutionLinks(dev.pawl.v1.CountExecutionLinksRequest request,
        io.grpc.stub.StreamObserver<dev.pawl.v1.CountExecutionLinksResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getCountExecutionLinksMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * How many there are.
     * </pre>
     */
    public void countExecutions(dev.pawl.v1.CountExecutionsRequest request,
        io.grpc.stub.StreamObserver<dev.pawl.v1.CountExecutionsResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getCountExecutionsMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Removes a closed execution with its history, and the children of its map runs; a running one
     * answers FAILED_PRECONDITION. Its name can be used again.
     * </pre>
     */
    public void deleteExecution(dev.pawl.v1.DeleteExecutionRequest request,
        io.grpc.stub.StreamObserver<dev.pawl.v1.DeleteExecutionResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getDeleteExecutionMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Counts and duration percentiles, optionally as a time series.
     * </pre>
     */
    public void getExecutionStatistics(dev.pawl.v1.GetExecutionStatisticsRequest request,
        io.grpc.stub.StreamObserver<dev.pawl.v1.GetExecutionStatisticsResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getGetExecutionStatisticsMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Map run (child executions of a Map state) counters and limits.
     * </pre>
     */
    public void getMapRun(dev.pawl.v1.GetMapRunRequest request,
        io.grpc.stub.StreamObserver<dev.pawl.v1.GetMapRunResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getGetMapRunMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * The map runs of one execution, newest first.
     * </pre>
     */
    public void listMapRuns(dev.pawl.v1.ListMapRunsRequest request,
        io.grpc.stub.StreamObserver<dev.pawl.v1.ListMapRunsResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getListMapRunsMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Changes concurrency and tolerated failures of a running map run.
     * </pre>
     */
    public void updateMapRun(dev.pawl.v1.UpdateMapRunRequest request,
        io.grpc.stub.StreamObserver<dev.pawl.v1.UpdateMapRunResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getUpdateMapRunMethod(), getCallOptions()), request, responseObserver);
    }
  }

  /**
   * A stub to allow clients to do synchronous rpc calls to service ExecutionService.
   * <pre>
   * Start, watch, list, stop, redrive, message.
   * </pre>
   */
  public static final class ExecutionServiceBlockingV2Stub
      extends io.grpc.stub.AbstractBlockingStub<ExecutionServiceBlockingV2Stub> {
    private ExecutionServiceBlockingV2Stub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected ExecutionServiceBlockingV2Stub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new ExecutionServiceBlockingV2Stub(channel, callOptions);
    }

    /**
     * <pre>
     * Starts. Same name + same input while RUNNING returns the same execution (SFN rule).
     * </pre>
     */
    public dev.pawl.v1.StartExecutionResponse startExecution(dev.pawl.v1.StartExecutionRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getStartExecutionMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Pipelined starts for service-to-service load: one ordered stream, many starts in flight,
     * answers as each becomes durable (correlated by `sequence`, any order). Unary start stays
     * the simple way; this one costs a small part of its CPU.
     * A start with `follow` is answered twice: `response` once the start is durable, then `ended`
     * once the execution has closed and that is durable; never `ended` before `response`. A refused
     * start is answered once, by `error`. So one stream both starts work and learns its results.
     * After the client has half-closed, the server answers what is open, followed executions
     * included, and then ends the stream with OK. When the stream breaks, name your executions and
     * send the unanswered starts again: a start that was already made is answered with `created`
     * false, and `follow` then reports its end, at once if it has closed meanwhile.
     * </pre>
     */
    @io.grpc.ExperimentalApi("https://github.com/grpc/grpc-java/issues/10918")
    public io.grpc.stub.BlockingClientCall<dev.pawl.v1.StartExecutionsRequest, dev.pawl.v1.StartExecutionsResponse>
        startExecutions() {
      return io.grpc.stub.ClientCalls.blockingBidiStreamingCall(
          getChannel(), getStartExecutionsMethod(), getCallOptions());
    }

    /**
     * <pre>
     * Starts and waits for the end; the RPC deadline bounds the wait, not the execution.
     * </pre>
     */
    public dev.pawl.v1.RunExecutionResponse runExecution(dev.pawl.v1.RunExecutionRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getRunExecutionMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Reads one.
     * </pre>
     */
    public dev.pawl.v1.GetExecutionResponse getExecution(dev.pawl.v1.GetExecutionRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getGetExecutionMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Lists.
     * </pre>
     */
    public dev.pawl.v1.ListExecutionsResponse listExecutions(dev.pawl.v1.ListExecutionsRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getListExecutionsMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * History page.
     * </pre>
     */
    public dev.pawl.v1.ListExecutionEventsResponse listExecutionEvents(dev.pawl.v1.ListExecutionEventsRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getListExecutionEventsMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Live updates of one execution; snapshot first, then events; resumable.
     * </pre>
     */
    @io.grpc.ExperimentalApi("https://github.com/grpc/grpc-java/issues/10918")
    public io.grpc.stub.BlockingClientCall<?, dev.pawl.v1.WatchExecutionResponse>
        watchExecution(dev.pawl.v1.WatchExecutionRequest request) {
      return io.grpc.stub.ClientCalls.blockingV2ServerStreamingCall(
          getChannel(), getWatchExecutionMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Live changes of a filtered set (dashboards, service-to-service fan-in); resumable.
     * </pre>
     */
    @io.grpc.ExperimentalApi("https://github.com/grpc/grpc-java/issues/10918")
    public io.grpc.stub.BlockingClientCall<?, dev.pawl.v1.WatchExecutionsResponse>
        watchExecutions(dev.pawl.v1.WatchExecutionsRequest request) {
      return io.grpc.stub.ClientCalls.blockingV2ServerStreamingCall(
          getChannel(), getWatchExecutionsMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Stops; cancels its tasks; terminal executions answer FAILED_PRECONDITION.
     * </pre>
     */
    public dev.pawl.v1.StopExecutionResponse stopExecution(dev.pawl.v1.StopExecutionRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getStopExecutionMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Begins no state and schedules no task from now on, and keeps from workers what they do not have
     * yet. What they have goes on: how it ends is recorded at once, and what follows from it waits for
     * ResumeExecution, even the execution's own end. Waits and time-outs that come due do the same.
     * Executions that it has begun go on. TimeoutSeconds of the state machine still applies. One that is
     * paused stays as it is.
     * </pre>
     */
    public dev.pawl.v1.PauseExecutionResponse pauseExecution(dev.pawl.v1.PauseExecutionRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getPauseExecutionMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * A paused execution goes on exactly where it stood; one that is not paused stays as it is.
     * </pre>
     */
    public dev.pawl.v1.ResumeExecutionResponse resumeExecution(dev.pawl.v1.ResumeExecutionRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getResumeExecutionMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Restarts a failed/aborted/timed-out execution from its failed states, or from a named one.
     * </pre>
     */
    public dev.pawl.v1.RedriveExecutionResponse redriveExecution(dev.pawl.v1.RedriveExecutionRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getRedriveExecutionMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Delivers a message to Message states waiting on (key, value).
     * </pre>
     */
    public dev.pawl.v1.SendMessageResponse sendMessage(dev.pawl.v1.SendMessageRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getSendMessageMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Open waits.
     * </pre>
     */
    public dev.pawl.v1.ListMessageWaitsResponse listMessageWaits(dev.pawl.v1.ListMessageWaitsRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getListMessageWaitsMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Chain edges: what fed what.
     * </pre>
     */
    public dev.pawl.v1.ListExecutionLinksResponse listExecutionLinks(dev.pawl.v1.ListExecutionLinksRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getListExecutionLinksMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * How many chain edges there are.
     * </pre>
     */
    public dev.pawl.v1.CountExecutionLinksResponse countExecutionLinks(dev.pawl.v1.CountExecutionLinksRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getCountExecutionLinksMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * How many there are.
     * </pre>
     */
    public dev.pawl.v1.CountExecutionsResponse countExecutions(dev.pawl.v1.CountExecutionsRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getCountExecutionsMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Removes a closed execution with its history, and the children of its map runs; a running one
     * answers FAILED_PRECONDITION. Its name can be used again.
     * </pre>
     */
    public dev.pawl.v1.DeleteExecutionResponse deleteExecution(dev.pawl.v1.DeleteExecutionRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getDeleteExecutionMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Counts and duration percentiles, optionally as a time series.
     * </pre>
     */
    public dev.pawl.v1.GetExecutionStatisticsResponse getExecutionStatistics(dev.pawl.v1.GetExecutionStatisticsRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getGetExecutionStatisticsMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Map run (child executions of a Map state) counters and limits.
     * </pre>
     */
    public dev.pawl.v1.GetMapRunResponse getMapRun(dev.pawl.v1.GetMapRunRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getGetMapRunMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * The map runs of one execution, newest first.
     * </pre>
     */
    public dev.pawl.v1.ListMapRunsResponse listMapRuns(dev.pawl.v1.ListMapRunsRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getListMapRunsMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Changes concurrency and tolerated failures of a running map run.
     * </pre>
     */
    public dev.pawl.v1.UpdateMapRunResponse updateMapRun(dev.pawl.v1.UpdateMapRunRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getUpdateMapRunMethod(), getCallOptions(), request);
    }
  }

  /**
   * A stub to allow clients to do limited synchronous rpc calls to service ExecutionService.
   * <pre>
   * Start, watch, list, stop, redrive, message.
   * </pre>
   */
  public static final class ExecutionServiceBlockingStub
      extends io.grpc.stub.AbstractBlockingStub<ExecutionServiceBlockingStub> {
    private ExecutionServiceBlockingStub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected ExecutionServiceBlockingStub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new ExecutionServiceBlockingStub(channel, callOptions);
    }

    /**
     * <pre>
     * Starts. Same name + same input while RUNNING returns the same execution (SFN rule).
     * </pre>
     */
    public dev.pawl.v1.StartExecutionResponse startExecution(dev.pawl.v1.StartExecutionRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getStartExecutionMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Starts and waits for the end; the RPC deadline bounds the wait, not the execution.
     * </pre>
     */
    public dev.pawl.v1.RunExecutionResponse runExecution(dev.pawl.v1.RunExecutionRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getRunExecutionMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Reads one.
     * </pre>
     */
    public dev.pawl.v1.GetExecutionResponse getExecution(dev.pawl.v1.GetExecutionRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getGetExecutionMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Lists.
     * </pre>
     */
    public dev.pawl.v1.ListExecutionsResponse listExecutions(dev.pawl.v1.ListExecutionsRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getListExecutionsMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * History page.
     * </pre>
     */
    public dev.pawl.v1.ListExecutionEventsResponse listExecutionEvents(dev.pawl.v1.ListExecutionEventsRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getListExecutionEventsMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Live updates of one execution; snapshot first, then events; resumable.
     * </pre>
     */
    public java.util.Iterator<dev.pawl.v1.WatchExecutionResponse> watchExecution(
        dev.pawl.v1.WatchExecutionRequest request) {
      return io.grpc.stub.ClientCalls.blockingServerStreamingCall(
          getChannel(), getWatchExecutionMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Live changes of a filtered set (dashboards, service-to-service fan-in); resumable.
     * </pre>
     */
    public java.util.Iterator<dev.pawl.v1.WatchExecutionsResponse> watchExecutions(
        dev.pawl.v1.WatchExecutionsRequest request) {
      return io.grpc.stub.ClientCalls.blockingServerStreamingCall(
          getChannel(), getWatchExecutionsMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Stops; cancels its tasks; terminal executions answer FAILED_PRECONDITION.
     * </pre>
     */
    public dev.pawl.v1.StopExecutionResponse stopExecution(dev.pawl.v1.StopExecutionRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getStopExecutionMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Begins no state and schedules no task from now on, and keeps from workers what they do not have
     * yet. What they have goes on: how it ends is recorded at once, and what follows from it waits for
     * ResumeExecution, even the execution's own end. Waits and time-outs that come due do the same.
     * Executions that it has begun go on. TimeoutSeconds of the state machine still applies. One that is
     * paused stays as it is.
     * </pre>
     */
    public dev.pawl.v1.PauseExecutionResponse pauseExecution(dev.pawl.v1.PauseExecutionRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getPauseExecutionMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * A paused execution goes on exactly where it stood; one that is not paused stays as it is.
     * </pre>
     */
    public dev.pawl.v1.ResumeExecutionResponse resumeExecution(dev.pawl.v1.ResumeExecutionRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getResumeExecutionMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Restarts a failed/aborted/timed-out execution from its failed states, or from a named one.
     * </pre>
     */
    public dev.pawl.v1.RedriveExecutionResponse redriveExecution(dev.pawl.v1.RedriveExecutionRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getRedriveExecutionMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Delivers a message to Message states waiting on (key, value).
     * </pre>
     */
    public dev.pawl.v1.SendMessageResponse sendMessage(dev.pawl.v1.SendMessageRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getSendMessageMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Open waits.
     * </pre>
     */
    public dev.pawl.v1.ListMessageWaitsResponse listMessageWaits(dev.pawl.v1.ListMessageWaitsRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getListMessageWaitsMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Chain edges: what fed what.
     * </pre>
     */
    public dev.pawl.v1.ListExecutionLinksResponse listExecutionLinks(dev.pawl.v1.ListExecutionLinksRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getListExecutionLinksMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * How many chain edges there are.
     * </pre>
     */
    public dev.pawl.v1.CountExecutionLinksResponse countExecutionLinks(dev.pawl.v1.CountExecutionLinksRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getCountExecutionLinksMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * How many there are.
     * </pre>
     */
    public dev.pawl.v1.CountExecutionsResponse countExecutions(dev.pawl.v1.CountExecutionsRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getCountExecutionsMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Removes a closed execution with its history, and the children of its map runs; a running one
     * answers FAILED_PRECONDITION. Its name can be used again.
     * </pre>
     */
    public dev.pawl.v1.DeleteExecutionResponse deleteExecution(dev.pawl.v1.DeleteExecutionRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getDeleteExecutionMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Counts and duration percentiles, optionally as a time series.
     * </pre>
     */
    public dev.pawl.v1.GetExecutionStatisticsResponse getExecutionStatistics(dev.pawl.v1.GetExecutionStatisticsRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getGetExecutionStatisticsMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Map run (child executions of a Map state) counters and limits.
     * </pre>
     */
    public dev.pawl.v1.GetMapRunResponse getMapRun(dev.pawl.v1.GetMapRunRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getGetMapRunMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * The map runs of one execution, newest first.
     * </pre>
     */
    public dev.pawl.v1.ListMapRunsResponse listMapRuns(dev.pawl.v1.ListMapRunsRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getListMapRunsMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Changes concurrency and tolerated failures of a running map run.
     * </pre>
     */
    public dev.pawl.v1.UpdateMapRunResponse updateMapRun(dev.pawl.v1.UpdateMapRunRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getUpdateMapRunMethod(), getCallOptions(), request);
    }
  }

  /**
   * A stub to allow clients to do ListenableFuture-style rpc calls to service ExecutionService.
   * <pre>
   * Start, watch, list, stop, redrive, message.
   * </pre>
   */
  public static final class ExecutionServiceFutureStub
      extends io.grpc.stub.AbstractFutureStub<ExecutionServiceFutureStub> {
    private ExecutionServiceFutureStub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected ExecutionServiceFutureStub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new ExecutionServiceFutureStub(channel, callOptions);
    }

    /**
     * <pre>
     * Starts. Same name + same input while RUNNING returns the same execution (SFN rule).
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.pawl.v1.StartExecutionResponse> startExecution(
        dev.pawl.v1.StartExecutionRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getStartExecutionMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Starts and waits for the end; the RPC deadline bounds the wait, not the execution.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.pawl.v1.RunExecutionResponse> runExecution(
        dev.pawl.v1.RunExecutionRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getRunExecutionMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Reads one.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.pawl.v1.GetExecutionResponse> getExecution(
        dev.pawl.v1.GetExecutionRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getGetExecutionMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Lists.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.pawl.v1.ListExecutionsResponse> listExecutions(
        dev.pawl.v1.ListExecutionsRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getListExecutionsMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * History page.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.pawl.v1.ListExecutionEventsResponse> listExecutionEvents(
        dev.pawl.v1.ListExecutionEventsRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getListExecutionEventsMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Stops; cancels its tasks; terminal executions answer FAILED_PRECONDITION.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.pawl.v1.StopExecutionResponse> stopExecution(
        dev.pawl.v1.StopExecutionRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getStopExecutionMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Begins no state and schedules no task from now on, and keeps from workers what they do not have
     * yet. What they have goes on: how it ends is recorded at once, and what follows from it waits for
     * ResumeExecution, even the execution's own end. Waits and time-outs that come due do the same.
     * Executions that it has begun go on. TimeoutSeconds of the state machine still applies. One that is
     * paused stays as it is.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.pawl.v1.PauseExecutionResponse> pauseExecution(
        dev.pawl.v1.PauseExecutionRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getPauseExecutionMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * A paused execution goes on exactly where it stood; one that is not paused stays as it is.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.pawl.v1.ResumeExecutionResponse> resumeExecution(
        dev.pawl.v1.ResumeExecutionRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getResumeExecutionMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Restarts a failed/aborted/timed-out execution from its failed states, or from a named one.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.pawl.v1.RedriveExecutionResponse> redriveExecution(
        dev.pawl.v1.RedriveExecutionRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getRedriveExecutionMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Delivers a message to Message states waiting on (key, value).
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.pawl.v1.SendMessageResponse> sendMessage(
        dev.pawl.v1.SendMessageRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getSendMessageMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Open waits.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.pawl.v1.ListMessageWaitsResponse> listMessageWaits(
        dev.pawl.v1.ListMessageWaitsRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getListMessageWaitsMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Chain edges: what fed what.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.pawl.v1.ListExecutionLinksResponse> listExecutionLinks(
        dev.pawl.v1.ListExecutionLinksRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getListExecutionLinksMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * How many chain edges there are.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.pawl.v1.CountExecutionLinksResponse> countExecutionLinks(
        dev.pawl.v1.CountExecutionLinksRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getCountExecutionLinksMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * How many there are.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.pawl.v1.CountExecutionsResponse> countExecutions(
        dev.pawl.v1.CountExecutionsRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getCountExecutionsMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Removes a closed execution with its history, and the children of its map runs; a running one
     * answers FAILED_PRECONDITION. Its name can be used again.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.pawl.v1.DeleteExecutionResponse> deleteExecution(
        dev.pawl.v1.DeleteExecutionRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getDeleteExecutionMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Counts and duration percentiles, optionally as a time series.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.pawl.v1.GetExecutionStatisticsResponse> getExecutionStatistics(
        dev.pawl.v1.GetExecutionStatisticsRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getGetExecutionStatisticsMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Map run (child executions of a Map state) counters and limits.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.pawl.v1.GetMapRunResponse> getMapRun(
        dev.pawl.v1.GetMapRunRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getGetMapRunMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * The map runs of one execution, newest first.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.pawl.v1.ListMapRunsResponse> listMapRuns(
        dev.pawl.v1.ListMapRunsRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getListMapRunsMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Changes concurrency and tolerated failures of a running map run.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.pawl.v1.UpdateMapRunResponse> updateMapRun(
        dev.pawl.v1.UpdateMapRunRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getUpdateMapRunMethod(), getCallOptions()), request);
    }
  }

  private static final int METHODID_START_EXECUTION = 0;
  private static final int METHODID_RUN_EXECUTION = 1;
  private static final int METHODID_GET_EXECUTION = 2;
  private static final int METHODID_LIST_EXECUTIONS = 3;
  private static final int METHODID_LIST_EXECUTION_EVENTS = 4;
  private static final int METHODID_WATCH_EXECUTION = 5;
  private static final int METHODID_WATCH_EXECUTIONS = 6;
  private static final int METHODID_STOP_EXECUTION = 7;
  private static final int METHODID_PAUSE_EXECUTION = 8;
  private static final int METHODID_RESUME_EXECUTION = 9;
  private static final int METHODID_REDRIVE_EXECUTION = 10;
  private static final int METHODID_SEND_MESSAGE = 11;
  private static final int METHODID_LIST_MESSAGE_WAITS = 12;
  private static final int METHODID_LIST_EXECUTION_LINKS = 13;
  private static final int METHODID_COUNT_EXECUTION_LINKS = 14;
  private static final int METHODID_COUNT_EXECUTIONS = 15;
  private static final int METHODID_DELETE_EXECUTION = 16;
  private static final int METHODID_GET_EXECUTION_STATISTICS = 17;
  private static final int METHODID_GET_MAP_RUN = 18;
  private static final int METHODID_LIST_MAP_RUNS = 19;
  private static final int METHODID_UPDATE_MAP_RUN = 20;
  private static final int METHODID_START_EXECUTIONS = 21;

  private static final class MethodHandlers<Req, Resp> implements
      io.grpc.stub.ServerCalls.UnaryMethod<Req, Resp>,
      io.grpc.stub.ServerCalls.ServerStreamingMethod<Req, Resp>,
      io.grpc.stub.ServerCalls.ClientStreamingMethod<Req, Resp>,
      io.grpc.stub.ServerCalls.BidiStreamingMethod<Req, Resp> {
    private final AsyncService serviceImpl;
    private final int methodId;

    MethodHandlers(AsyncService serviceImpl, int methodId) {
      this.serviceImpl = serviceImpl;
      this.methodId = methodId;
    }

    @java.lang.Override
    @java.lang.SuppressWarnings("unchecked")
    public void invoke(Req request, io.grpc.stub.StreamObserver<Resp> responseObserver) {
      switch (methodId) {
        case METHODID_START_EXECUTION:
          serviceImpl.startExecution((dev.pawl.v1.StartExecutionRequest) request,
              (io.grpc.stub.StreamObserver<dev.pawl.v1.StartExecutionResponse>) responseObserver);
          break;
        case METHODID_RUN_EXECUTION:
          serviceImpl.runExecution((dev.pawl.v1.RunExecutionRequest) request,
              (io.grpc.stub.StreamObserver<dev.pawl.v1.RunExecutionResponse>) responseObserver);
          break;
        case METHODID_GET_EXECUTION:
          serviceImpl.getExecution((dev.pawl.v1.GetExecutionRequest) request,
              (io.grpc.stub.StreamObserver<dev.pawl.v1.GetExecutionResponse>) responseObserver);
          break;
        case METHODID_LIST_EXECUTIONS:
          serviceImpl.listExecutions((dev.pawl.v1.ListExecutionsRequest) request,
              (io.grpc.stub.StreamObserver<dev.pawl.v1.ListExecutionsResponse>) responseObserver);
          break;
        case METHODID_LIST_EXECUTION_EVENTS:
          serviceImpl.listExecutionEvents((dev.pawl.v1.ListExecutionEventsRequest) request,
              (io.grpc.stub.StreamObserver<dev.pawl.v1.ListExecutionEventsResponse>) responseObserver);
          break;
        case METHODID_WATCH_EXECUTION:
          serviceImpl.watchExecution((dev.pawl.v1.WatchExecutionRequest) request,
              (io.grpc.stub.StreamObserver<dev.pawl.v1.WatchExecutionResponse>) responseObserver);
          break;
        case METHODID_WATCH_EXECUTIONS:
          serviceImpl.watchExecutions((dev.pawl.v1.WatchExecutionsRequest) request,
              (io.grpc.stub.StreamObserver<dev.pawl.v1.WatchExecutionsResponse>) responseObserver);
          break;
        case METHODID_STOP_EXECUTION:
          serviceImpl.stopExecution((dev.pawl.v1.StopExecutionRequest) request,
              (io.grpc.stub.StreamObserver<dev.pawl.v1.StopExecutionResponse>) responseObserver);
          break;
        case METHODID_PAUSE_EXECUTION:
          serviceImpl.pauseExecution((dev.pawl.v1.PauseExecutionRequest) request,
              (io.grpc.stub.StreamObserver<dev.pawl.v1.PauseExecutionResponse>) responseObserver);
          break;
        case METHODID_RESUME_EXECUTION:
          serviceImpl.resumeExecution((dev.pawl.v1.ResumeExecutionRequest) request,
              (io.grpc.stub.StreamObserver<dev.pawl.v1.ResumeExecutionResponse>) responseObserver);
          break;
        case METHODID_REDRIVE_EXECUTION:
          serviceImpl.redriveExecution((dev.pawl.v1.RedriveExecutionRequest) request,
              (io.grpc.stub.StreamObserver<dev.pawl.v1.RedriveExecutionResponse>) responseObserver);
          break;
        case METHODID_SEND_MESSAGE:
          serviceImpl.sendMessage((dev.pawl.v1.SendMessageRequest) request,
              (io.grpc.stub.StreamObserver<dev.pawl.v1.SendMessageResponse>) responseObserver);
          break;
        case METHODID_LIST_MESSAGE_WAITS:
          serviceImpl.listMessageWaits((dev.pawl.v1.ListMessageWaitsRequest) request,
              (io.grpc.stub.StreamObserver<dev.pawl.v1.ListMessageWaitsResponse>) responseObserver);
          break;
        case METHODID_LIST_EXECUTION_LINKS:
          serviceImpl.listExecutionLinks((dev.pawl.v1.ListExecutionLinksRequest) request,
              (io.grpc.stub.StreamObserver<dev.pawl.v1.ListExecutionLinksResponse>) responseObserver);
          break;
        case METHODID_COUNT_EXECUTION_LINKS:
          serviceImpl.countExecutionLinks((dev.pawl.v1.CountExecutionLinksRequest) request,
              (io.grpc.stub.StreamObserver<dev.pawl.v1.CountExecutionLinksResponse>) responseObserver);
          break;
        case METHODID_COUNT_EXECUTIONS:
          serviceImpl.countExecutions((dev.pawl.v1.CountExecutionsRequest) request,
              (io.grpc.stub.StreamObserver<dev.pawl.v1.CountExecutionsResponse>) responseObserver);
          break;
        case METHODID_DELETE_EXECUTION:
          serviceImpl.deleteExecution((dev.pawl.v1.DeleteExecutionRequest) request,
              (io.grpc.stub.StreamObserver<dev.pawl.v1.DeleteExecutionResponse>) responseObserver);
          break;
        case METHODID_GET_EXECUTION_STATISTICS:
          serviceImpl.getExecutionStatistics((dev.pawl.v1.GetExecutionStatisticsRequest) request,
              (io.grpc.stub.StreamObserver<dev.pawl.v1.GetExecutionStatisticsResponse>) responseObserver);
          break;
        case METHODID_GET_MAP_RUN:
          serviceImpl.getMapRun((dev.pawl.v1.GetMapRunRequest) request,
              (io.grpc.stub.StreamObserver<dev.pawl.v1.GetMapRunResponse>) responseObserver);
          break;
        case METHODID_LIST_MAP_RUNS:
          serviceImpl.listMapRuns((dev.pawl.v1.ListMapRunsRequest) request,
              (io.grpc.stub.StreamObserver<dev.pawl.v1.ListMapRunsResponse>) responseObserver);
          break;
        case METHODID_UPDATE_MAP_RUN:
          serviceImpl.updateMapRun((dev.pawl.v1.UpdateMapRunRequest) request,
              (io.grpc.stub.StreamObserver<dev.pawl.v1.UpdateMapRunResponse>) responseObserver);
          break;
        default:
          throw new AssertionError();
      }
    }

    @java.lang.Override
    @java.lang.SuppressWarnings("unchecked")
    public io.grpc.stub.StreamObserver<Req> invoke(
        io.grpc.stub.StreamObserver<Resp> responseObserver) {
      switch (methodId) {
        case METHODID_START_EXECUTIONS:
          return (io.grpc.stub.StreamObserver<Req>) serviceImpl.startExecutions(
              (io.grpc.stub.StreamObserver<dev.pawl.v1.StartExecutionsResponse>) responseObserver);
        default:
          throw new AssertionError();
      }
    }
  }

  public static final io.grpc.ServerServiceDefinition bindService(AsyncService service) {
    return io.grpc.ServerServiceDefinition.builder(getServiceDescriptor())
        .addMethod(
          getStartExecutionMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.pawl.v1.StartExecutionRequest,
              dev.pawl.v1.StartExecutionResponse>(
                service, METHODID_START_EXECUTION)))
        .addMethod(
          getStartExecutionsMethod(),
          io.grpc.stub.ServerCalls.asyncBidiStreamingCall(
            new MethodHandlers<
              dev.pawl.v1.StartExecutionsRequest,
              dev.pawl.v1.StartExecutionsResponse>(
                service, METHODID_START_EXECUTIONS)))
        .addMethod(
          getRunExecutionMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.pawl.v1.RunExecutionRequest,
              dev.pawl.v1.RunExecutionResponse>(
                service, METHODID_RUN_EXECUTION)))
        .addMethod(
          getGetExecutionMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.pawl.v1.GetExecutionRequest,
              dev.pawl.v1.GetExecutionResponse>(
                service, METHODID_GET_EXECUTION)))
        .addMethod(
          getListExecutionsMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.pawl.v1.ListExecutionsRequest,
              dev.pawl.v1.ListExecutionsResponse>(
                service, METHODID_LIST_EXECUTIONS)))
        .addMethod(
          getListExecutionEventsMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.pawl.v1.ListExecutionEventsRequest,
              dev.pawl.v1.ListExecutionEventsResponse>(
                service, METHODID_LIST_EXECUTION_EVENTS)))
        .addMethod(
          getWatchExecutionMethod(),
          io.grpc.stub.ServerCalls.asyncServerStreamingCall(
            new MethodHandlers<
              dev.pawl.v1.WatchExecutionRequest,
              dev.pawl.v1.WatchExecutionResponse>(
                service, METHODID_WATCH_EXECUTION)))
        .addMethod(
          getWatchExecutionsMethod(),
          io.grpc.stub.ServerCalls.asyncServerStreamingCall(
            new MethodHandlers<
              dev.pawl.v1.WatchExecutionsRequest,
              dev.pawl.v1.WatchExecutionsResponse>(
                service, METHODID_WATCH_EXECUTIONS)))
        .addMethod(
          getStopExecutionMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.pawl.v1.StopExecutionRequest,
              dev.pawl.v1.StopExecutionResponse>(
                service, METHODID_STOP_EXECUTION)))
        .addMethod(
          getPauseExecutionMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.pawl.v1.PauseExecutionRequest,
              dev.pawl.v1.PauseExecutionResponse>(
                service, METHODID_PAUSE_EXECUTION)))
        .addMethod(
          getResumeExecutionMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.pawl.v1.ResumeExecutionRequest,
              dev.pawl.v1.ResumeExecutionResponse>(
                service, METHODID_RESUME_EXECUTION)))
        .addMethod(
          getRedriveExecutionMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.pawl.v1.RedriveExecutionRequest,
              dev.pawl.v1.RedriveExecutionResponse>(
                service, METHODID_REDRIVE_EXECUTION)))
        .addMethod(
          getSendMessageMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.pawl.v1.SendMessageRequest,
              dev.pawl.v1.SendMessageResponse>(
                service, METHODID_SEND_MESSAGE)))
        .addMethod(
          getListMessageWaitsMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.pawl.v1.ListMessageWaitsRequest,
              dev.pawl.v1.ListMessageWaitsResponse>(
                service, METHODID_LIST_MESSAGE_WAITS)))
        .addMethod(
          getListExecutionLinksMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.pawl.v1.ListExecutionLinksRequest,
              dev.pawl.v1.ListExecutionLinksResponse>(
                service, METHODID_LIST_EXECUTION_LINKS)))
        .addMethod(
          getCountExecutionLinksMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.pawl.v1.CountExecutionLinksRequest,
              dev.pawl.v1.CountExecutionLinksResponse>(
                service, METHODID_COUNT_EXECUTION_LINKS)))
        .addMethod(
          getCountExecutionsMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.pawl.v1.CountExecutionsRequest,
              dev.pawl.v1.CountExecutionsResponse>(
                service, METHODID_COUNT_EXECUTIONS)))
        .addMethod(
          getDeleteExecutionMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.pawl.v1.DeleteExecutionRequest,
              dev.pawl.v1.DeleteExecutionResponse>(
                service, METHODID_DELETE_EXECUTION)))
        .addMethod(
          getGetExecutionStatisticsMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.pawl.v1.GetExecutionStatisticsRequest,
              dev.pawl.v1.GetExecutionStatisticsResponse>(
                service, METHODID_GET_EXECUTION_STATISTICS)))
        .addMethod(
          getGetMapRunMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.pawl.v1.GetMapRunRequest,
              dev.pawl.v1.GetMapRunResponse>(
                service, METHODID_GET_MAP_RUN)))
        .addMethod(
          getListMapRunsMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.pawl.v1.ListMapRunsRequest,
              dev.pawl.v1.ListMapRunsResponse>(
                service, METHODID_LIST_MAP_RUNS)))
        .addMethod(
          getUpdateMapRunMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.pawl.v1.UpdateMapRunRequest,
              dev.pawl.v1.UpdateMapRunResponse>(
                service, METHODID_UPDATE_MAP_RUN)))
        .build();
  }

  private static abstract class ExecutionServiceBaseDescriptorSupplier
      implements io.grpc.protobuf.ProtoFileDescriptorSupplier, io.grpc.protobuf.ProtoServiceDescriptorSupplier {
    ExecutionServiceBaseDescriptorSupplier() {}

    @java.lang.Override
    public com.google.protobuf.Descriptors.FileDescriptor getFileDescriptor() {
      return dev.pawl.v1.ExecutionServiceOuterClass.getDescriptor();
    }

    @java.lang.Override
    public com.google.protobuf.Descriptors.ServiceDescriptor getServiceDescriptor() {
      return getFileDescriptor().findServiceByName("ExecutionService");
    }
  }

  private static final class ExecutionServiceFileDescriptorSupplier
      extends ExecutionServiceBaseDescriptorSupplier {
    ExecutionServiceFileDescriptorSupplier() {}
  }

  private static final class ExecutionServiceMethodDescriptorSupplier
      extends ExecutionServiceBaseDescriptorSupplier
      implements io.grpc.protobuf.ProtoMethodDescriptorSupplier {
    private final java.lang.String methodName;

    ExecutionServiceMethodDescriptorSupplier(java.lang.String methodName) {
      this.methodName = methodName;
    }

    @java.lang.Override
    public com.google.protobuf.Descriptors.MethodDescriptor getMethodDescriptor() {
      return getServiceDescriptor().findMethodByName(methodName);
    }
  }

  private static volatile io.grpc.ServiceDescriptor serviceDescriptor;

  public static io.grpc.ServiceDescriptor getServiceDescriptor() {
    io.grpc.ServiceDescriptor result = serviceDescriptor;
    if (result == null) {
      synchronized (ExecutionServiceGrpc.class) {
        result = serviceDescriptor;
        if (result == null) {
          serviceDescriptor = result = io.grpc.ServiceDescriptor.newBuilder(SERVICE_NAME)
              .setSchemaDescriptor(new ExecutionServiceFileDescriptorSupplier())
              .addMethod(getStartExecutionMethod())
              .addMethod(getStartExecutionsMethod())
              .addMethod(getRunExecutionMethod())
              .addMethod(getGetExecutionMethod())
              .addMethod(getListExecutionsMethod())
              .addMethod(getListExecutionEventsMethod())
              .addMethod(getWatchExecutionMethod())
              .addMethod(getWatchExecutionsMethod())
              .addMethod(getStopExecutionMethod())
              .addMethod(getPauseExecutionMethod())
              .addMethod(getResumeExecutionMethod())
              .addMethod(getRedriveExecutionMethod())
              .addMethod(getSendMessageMethod())
              .addMethod(getListMessageWaitsMethod())
              .addMethod(getListExecutionLinksMethod())
              .addMethod(getCountExecutionLinksMethod())
              .addMethod(getCountExecutionsMethod())
              .addMethod(getDeleteExecutionMethod())
              .addMethod(getGetExecutionStatisticsMethod())
              .addMethod(getGetMapRunMethod())
              .addMethod(getListMapRunsMethod())
              .addMethod(getUpdateMapRunMethod())
              .build();
        }
      }
    }
    return result;
  }
}
