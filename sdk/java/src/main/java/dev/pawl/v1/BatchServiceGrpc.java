package dev.pawl.v1;

import static io.grpc.MethodDescriptor.generateFullMethodName;

/**
 * <pre>
 * Many executions as one resource: bulk start from inputs, batch chain from source
 * executions, and bulk operations (stop/redrive/...) over a filter. Long-running in the
 * AIP-151 sense but with a typed resource instead of google.longrunning.Operation.
 * </pre>
 */
@io.grpc.stub.annotations.GrpcGenerated
public final class BatchServiceGrpc {

  private BatchServiceGrpc() {}

  public static final java.lang.String SERVICE_NAME = "pawl.v1.BatchService";

  // Static method descriptors that strictly reflect the proto.
  private static volatile io.grpc.MethodDescriptor<dev.pawl.v1.CreateBatchRequest,
      dev.pawl.v1.CreateBatchResponse> getCreateBatchMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "CreateBatch",
      requestType = dev.pawl.v1.CreateBatchRequest.class,
      responseType = dev.pawl.v1.CreateBatchResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.pawl.v1.CreateBatchRequest,
      dev.pawl.v1.CreateBatchResponse> getCreateBatchMethod() {
    io.grpc.MethodDescriptor<dev.pawl.v1.CreateBatchRequest, dev.pawl.v1.CreateBatchResponse> getCreateBatchMethod;
    if ((getCreateBatchMethod = BatchServiceGrpc.getCreateBatchMethod) == null) {
      synchronized (BatchServiceGrpc.class) {
        if ((getCreateBatchMethod = BatchServiceGrpc.getCreateBatchMethod) == null) {
          BatchServiceGrpc.getCreateBatchMethod = getCreateBatchMethod =
              io.grpc.MethodDescriptor.<dev.pawl.v1.CreateBatchRequest, dev.pawl.v1.CreateBatchResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "CreateBatch"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.pawl.v1.CreateBatchRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.pawl.v1.CreateBatchResponse.getDefaultInstance()))
              .setSchemaDescriptor(new BatchServiceMethodDescriptorSupplier("CreateBatch"))
              .build();
        }
      }
    }
    return getCreateBatchMethod;
  }

  private static volatile io.grpc.MethodDescriptor<dev.pawl.v1.AddBatchItemsRequest,
      dev.pawl.v1.AddBatchItemsResponse> getAddBatchItemsMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "AddBatchItems",
      requestType = dev.pawl.v1.AddBatchItemsRequest.class,
      responseType = dev.pawl.v1.AddBatchItemsResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.CLIENT_STREAMING)
  public static io.grpc.MethodDescriptor<dev.pawl.v1.AddBatchItemsRequest,
      dev.pawl.v1.AddBatchItemsResponse> getAddBatchItemsMethod() {
    io.grpc.MethodDescriptor<dev.pawl.v1.AddBatchItemsRequest, dev.pawl.v1.AddBatchItemsResponse> getAddBatchItemsMethod;
    if ((getAddBatchItemsMethod = BatchServiceGrpc.getAddBatchItemsMethod) == null) {
      synchronized (BatchServiceGrpc.class) {
        if ((getAddBatchItemsMethod = BatchServiceGrpc.getAddBatchItemsMethod) == null) {
          BatchServiceGrpc.getAddBatchItemsMethod = getAddBatchItemsMethod =
              io.grpc.MethodDescriptor.<dev.pawl.v1.AddBatchItemsRequest, dev.pawl.v1.AddBatchItemsResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.CLIENT_STREAMING)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "AddBatchItems"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.pawl.v1.AddBatchItemsRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.pawl.v1.AddBatchItemsResponse.getDefaultInstance()))
              .setSchemaDescriptor(new BatchServiceMethodDescriptorSupplier("AddBatchItems"))
              .build();
        }
      }
    }
    return getAddBatchItemsMethod;
  }

  private static volatile io.grpc.MethodDescriptor<dev.pawl.v1.GetBatchRequest,
      dev.pawl.v1.GetBatchResponse> getGetBatchMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "GetBatch",
      requestType = dev.pawl.v1.GetBatchRequest.class,
      responseType = dev.pawl.v1.GetBatchResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.pawl.v1.GetBatchRequest,
      dev.pawl.v1.GetBatchResponse> getGetBatchMethod() {
    io.grpc.MethodDescriptor<dev.pawl.v1.GetBatchRequest, dev.pawl.v1.GetBatchResponse> getGetBatchMethod;
    if ((getGetBatchMethod = BatchServiceGrpc.getGetBatchMethod) == null) {
      synchronized (BatchServiceGrpc.class) {
        if ((getGetBatchMethod = BatchServiceGrpc.getGetBatchMethod) == null) {
          BatchServiceGrpc.getGetBatchMethod = getGetBatchMethod =
              io.grpc.MethodDescriptor.<dev.pawl.v1.GetBatchRequest, dev.pawl.v1.GetBatchResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "GetBatch"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.pawl.v1.GetBatchRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.pawl.v1.GetBatchResponse.getDefaultInstance()))
              .setSchemaDescriptor(new BatchServiceMethodDescriptorSupplier("GetBatch"))
              .build();
        }
      }
    }
    return getGetBatchMethod;
  }

  private static volatile io.grpc.MethodDescriptor<dev.pawl.v1.ListBatchesRequest,
      dev.pawl.v1.ListBatchesResponse> getListBatchesMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "ListBatches",
      requestType = dev.pawl.v1.ListBatchesRequest.class,
      responseType = dev.pawl.v1.ListBatchesResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.pawl.v1.ListBatchesRequest,
      dev.pawl.v1.ListBatchesResponse> getListBatchesMethod() {
    io.grpc.MethodDescriptor<dev.pawl.v1.ListBatchesRequest, dev.pawl.v1.ListBatchesResponse> getListBatchesMethod;
    if ((getListBatchesMethod = BatchServiceGrpc.getListBatchesMethod) == null) {
      synchronized (BatchServiceGrpc.class) {
        if ((getListBatchesMethod = BatchServiceGrpc.getListBatchesMethod) == null) {
          BatchServiceGrpc.getListBatchesMethod = getListBatchesMethod =
              io.grpc.MethodDescriptor.<dev.pawl.v1.ListBatchesRequest, dev.pawl.v1.ListBatchesResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "ListBatches"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.pawl.v1.ListBatchesRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.pawl.v1.ListBatchesResponse.getDefaultInstance()))
              .setSchemaDescriptor(new BatchServiceMethodDescriptorSupplier("ListBatches"))
              .build();
        }
      }
    }
    return getListBatchesMethod;
  }

  private static volatile io.grpc.MethodDescriptor<dev.pawl.v1.ListBatchItemsRequest,
      dev.pawl.v1.ListBatchItemsResponse> getListBatchItemsMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "ListBatchItems",
      requestType = dev.pawl.v1.ListBatchItemsRequest.class,
      responseType = dev.pawl.v1.ListBatchItemsResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.pawl.v1.ListBatchItemsRequest,
      dev.pawl.v1.ListBatchItemsResponse> getListBatchItemsMethod() {
    io.grpc.MethodDescriptor<dev.pawl.v1.ListBatchItemsRequest, dev.pawl.v1.ListBatchItemsResponse> getListBatchItemsMethod;
    if ((getListBatchItemsMethod = BatchServiceGrpc.getListBatchItemsMethod) == null) {
      synchronized (BatchServiceGrpc.class) {
        if ((getListBatchItemsMethod = BatchServiceGrpc.getListBatchItemsMethod) == null) {
          BatchServiceGrpc.getListBatchItemsMethod = getListBatchItemsMethod =
              io.grpc.MethodDescriptor.<dev.pawl.v1.ListBatchItemsRequest, dev.pawl.v1.ListBatchItemsResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "ListBatchItems"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.pawl.v1.ListBatchItemsRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.pawl.v1.ListBatchItemsResponse.getDefaultInstance()))
              .setSchemaDescriptor(new BatchServiceMethodDescriptorSupplier("ListBatchItems"))
              .build();
        }
      }
    }
    return getListBatchItemsMethod;
  }

  private static volatile io.grpc.MethodDescriptor<dev.pawl.v1.WatchBatchRequest,
      dev.pawl.v1.WatchBatchResponse> getWatchBatchMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "WatchBatch",
      requestType = dev.pawl.v1.WatchBatchRequest.class,
      responseType = dev.pawl.v1.WatchBatchResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.SERVER_STREAMING)
  public static io.grpc.MethodDescriptor<dev.pawl.v1.WatchBatchRequest,
      dev.pawl.v1.WatchBatchResponse> getWatchBatchMethod() {
    io.grpc.MethodDescriptor<dev.pawl.v1.WatchBatchRequest, dev.pawl.v1.WatchBatchResponse> getWatchBatchMethod;
    if ((getWatchBatchMethod = BatchServiceGrpc.getWatchBatchMethod) == null) {
      synchronized (BatchServiceGrpc.class) {
        if ((getWatchBatchMethod = BatchServiceGrpc.getWatchBatchMethod) == null) {
          BatchServiceGrpc.getWatchBatchMethod = getWatchBatchMethod =
              io.grpc.MethodDescriptor.<dev.pawl.v1.WatchBatchRequest, dev.pawl.v1.WatchBatchResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.SERVER_STREAMING)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "WatchBatch"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.pawl.v1.WatchBatchRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.pawl.v1.WatchBatchResponse.getDefaultInstance()))
              .setSchemaDescriptor(new BatchServiceMethodDescriptorSupplier("WatchBatch"))
              .build();
        }
      }
    }
    return getWatchBatchMethod;
  }

  private static volatile io.grpc.MethodDescriptor<dev.pawl.v1.PauseBatchRequest,
      dev.pawl.v1.PauseBatchResponse> getPauseBatchMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "PauseBatch",
      requestType = dev.pawl.v1.PauseBatchRequest.class,
      responseType = dev.pawl.v1.PauseBatchResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.pawl.v1.PauseBatchRequest,
      dev.pawl.v1.PauseBatchResponse> getPauseBatchMethod() {
    io.grpc.MethodDescriptor<dev.pawl.v1.PauseBatchRequest, dev.pawl.v1.PauseBatchResponse> getPauseBatchMethod;
    if ((getPauseBatchMethod = BatchServiceGrpc.getPauseBatchMethod) == null) {
      synchronized (BatchServiceGrpc.class) {
        if ((getPauseBatchMethod = BatchServiceGrpc.getPauseBatchMethod) == null) {
          BatchServiceGrpc.getPauseBatchMethod = getPauseBatchMethod =
              io.grpc.MethodDescriptor.<dev.pawl.v1.PauseBatchRequest, dev.pawl.v1.PauseBatchResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "PauseBatch"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.pawl.v1.PauseBatchRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.pawl.v1.PauseBatchResponse.getDefaultInstance()))
              .setSchemaDescriptor(new BatchServiceMethodDescriptorSupplier("PauseBatch"))
              .build();
        }
      }
    }
    return getPauseBatchMethod;
  }

  private static volatile io.grpc.MethodDescriptor<dev.pawl.v1.ResumeBatchRequest,
      dev.pawl.v1.ResumeBatchResponse> getResumeBatchMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "ResumeBatch",
      requestType = dev.pawl.v1.ResumeBatchRequest.class,
      responseType = dev.pawl.v1.ResumeBatchResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.pawl.v1.ResumeBatchRequest,
      dev.pawl.v1.ResumeBatchResponse> getResumeBatchMethod() {
    io.grpc.MethodDescriptor<dev.pawl.v1.ResumeBatchRequest, dev.pawl.v1.ResumeBatchResponse> getResumeBatchMethod;
    if ((getResumeBatchMethod = BatchServiceGrpc.getResumeBatchMethod) == null) {
      synchronized (BatchServiceGrpc.class) {
        if ((getResumeBatchMethod = BatchServiceGrpc.getResumeBatchMethod) == null) {
          BatchServiceGrpc.getResumeBatchMethod = getResumeBatchMethod =
              io.grpc.MethodDescriptor.<dev.pawl.v1.ResumeBatchRequest, dev.pawl.v1.ResumeBatchResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "ResumeBatch"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.pawl.v1.ResumeBatchRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.pawl.v1.ResumeBatchResponse.getDefaultInstance()))
              .setSchemaDescriptor(new BatchServiceMethodDescriptorSupplier("ResumeBatch"))
              .build();
        }
      }
    }
    return getResumeBatchMethod;
  }

  private static volatile io.grpc.MethodDescriptor<dev.pawl.v1.CancelBatchRequest,
      dev.pawl.v1.CancelBatchResponse> getCancelBatchMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "CancelBatch",
      requestType = dev.pawl.v1.CancelBatchRequest.class,
      responseType = dev.pawl.v1.CancelBatchResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.pawl.v1.CancelBatchRequest,
      dev.pawl.v1.CancelBatchResponse> getCancelBatchMethod() {
    io.grpc.MethodDescriptor<dev.pawl.v1.CancelBatchRequest, dev.pawl.v1.CancelBatchResponse> getCancelBatchMethod;
    if ((getCancelBatchMethod = BatchServiceGrpc.getCancelBatchMethod) == null) {
      synchronized (BatchServiceGrpc.class) {
        if ((getCancelBatchMethod = BatchServiceGrpc.getCancelBatchMethod) == null) {
          BatchServiceGrpc.getCancelBatchMethod = getCancelBatchMethod =
              io.grpc.MethodDescriptor.<dev.pawl.v1.CancelBatchRequest, dev.pawl.v1.CancelBatchResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "CancelBatch"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.pawl.v1.CancelBatchRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.pawl.v1.CancelBatchResponse.getDefaultInstance()))
              .setSchemaDescriptor(new BatchServiceMethodDescriptorSupplier("CancelBatch"))
              .build();
        }
      }
    }
    return getCancelBatchMethod;
  }

  /**
   * Creates a new async stub that supports all call types for the service
   */
  public static BatchServiceStub newStub(io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<BatchServiceStub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<BatchServiceStub>() {
        @java.lang.Override
        public BatchServiceStub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new BatchServiceStub(channel, callOptions);
        }
      };
    return BatchServiceStub.newStub(factory, channel);
  }

  /**
   * Creates a new blocking-style stub that supports all types of calls on the service
   */
  public static BatchServiceBlockingV2Stub newBlockingV2Stub(
      io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<BatchServiceBlockingV2Stub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<BatchServiceBlockingV2Stub>() {
        @java.lang.Override
        public BatchServiceBlockingV2Stub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new BatchServiceBlockingV2Stub(channel, callOptions);
        }
      };
    return BatchServiceBlockingV2Stub.newStub(factory, channel);
  }

  /**
   * Creates a new blocking-style stub that supports unary and streaming output calls on the service
   */
  public static BatchServiceBlockingStub newBlockingStub(
      io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<BatchServiceBlockingStub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<BatchServiceBlockingStub>() {
        @java.lang.Override
        public BatchServiceBlockingStub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new BatchServiceBlockingStub(channel, callOptions);
        }
      };
    return BatchServiceBlockingStub.newStub(factory, channel);
  }

  /**
   * Creates a new ListenableFuture-style stub that supports unary calls on the service
   */
  public static BatchServiceFutureStub newFutureStub(
      io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<BatchServiceFutureStub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<BatchServiceFutureStub>() {
        @java.lang.Override
        public BatchServiceFutureStub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new BatchServiceFutureStub(channel, callOptions);
        }
      };
    return BatchServiceFutureStub.newStub(factory, channel);
  }

  /**
   * <pre>
   * Many executions as one resource: bulk start from inputs, batch chain from source
   * executions, and bulk operations (stop/redrive/...) over a filter. Long-running in the
   * AIP-151 sense but with a typed resource instead of google.longrunning.Operation.
   * </pre>
   */
  public interface AsyncService {

    /**
     * <pre>
     * Creates (not yet started if items follow by AddBatchItems).
     * </pre>
     */
    default void createBatch(dev.pawl.v1.CreateBatchRequest request,
        io.grpc.stub.StreamObserver<dev.pawl.v1.CreateBatchResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getCreateBatchMethod(), responseObserver);
    }

    /**
     * <pre>
     * Client-streamed inputs; chunked and resumable by sequence number.
     * </pre>
     */
    default io.grpc.stub.StreamObserver<dev.pawl.v1.AddBatchItemsRequest> addBatchItems(
        io.grpc.stub.StreamObserver<dev.pawl.v1.AddBatchItemsResponse> responseObserver) {
      return io.grpc.stub.ServerCalls.asyncUnimplementedStreamingCall(getAddBatchItemsMethod(), responseObserver);
    }

    /**
     * <pre>
     * Reads counters.
     * </pre>
     */
    default void getBatch(dev.pawl.v1.GetBatchRequest request,
        io.grpc.stub.StreamObserver<dev.pawl.v1.GetBatchResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getGetBatchMethod(), responseObserver);
    }

    /**
     * <pre>
     * Lists.
     * </pre>
     */
    default void listBatches(dev.pawl.v1.ListBatchesRequest request,
        io.grpc.stub.StreamObserver<dev.pawl.v1.ListBatchesResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getListBatchesMethod(), responseObserver);
    }

    /**
     * <pre>
     * Per-item results.
     * </pre>
     */
    default void listBatchItems(dev.pawl.v1.ListBatchItemsRequest request,
        io.grpc.stub.StreamObserver<dev.pawl.v1.ListBatchItemsResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getListBatchItemsMethod(), responseObserver);
    }

    /**
     * <pre>
     * Streamed progress; resumable; ends after the terminal update.
     * </pre>
     */
    default void watchBatch(dev.pawl.v1.WatchBatchRequest request,
        io.grpc.stub.StreamObserver<dev.pawl.v1.WatchBatchResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getWatchBatchMethod(), responseObserver);
    }

    /**
     * <pre>
     * Pause by hand (the failure policy also pauses).
     * </pre>
     */
    default void pauseBatch(dev.pawl.v1.PauseBatchRequest request,
        io.grpc.stub.StreamObserver<dev.pawl.v1.PauseBatchResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getPauseBatchMethod(), responseObserver);
    }

    /**
     * <pre>
     * Resume after review.
     * </pre>
     */
    default void resumeBatch(dev.pawl.v1.ResumeBatchRequest request,
        io.grpc.stub.StreamObserver<dev.pawl.v1.ResumeBatchResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getResumeBatchMethod(), responseObserver);
    }

    /**
     * <pre>
     * Cancel; optionally stop the executions already started.
     * </pre>
     */
    default void cancelBatch(dev.pawl.v1.CancelBatchRequest request,
        io.grpc.stub.StreamObserver<dev.pawl.v1.CancelBatchResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getCancelBatchMethod(), responseObserver);
    }
  }

  /**
   * Base class for the server implementation of the service BatchService.
   * <pre>
   * Many executions as one resource: bulk start from inputs, batch chain from source
   * executions, and bulk operations (stop/redrive/...) over a filter. Long-running in the
   * AIP-151 sense but with a typed resource instead of google.longrunning.Operation.
   * </pre>
   */
  public static abstract class BatchServiceImplBase
      implements io.grpc.BindableService, AsyncService {

    @java.lang.Override public final io.grpc.ServerServiceDefinition bindService() {
      return BatchServiceGrpc.bindService(this);
    }
  }

  /**
   * A stub to allow clients to do asynchronous rpc calls to service BatchService.
   * <pre>
   * Many executions as one resource: bulk start from inputs, batch chain from source
   * executions, and bulk operations (stop/redrive/...) over a filter. Long-running in the
   * AIP-151 sense but with a typed resource instead of google.longrunning.Operation.
   * </pre>
   */
  public static final class BatchServiceStub
      extends io.grpc.stub.AbstractAsyncStub<BatchServiceStub> {
    private BatchServiceStub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected BatchServiceStub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new BatchServiceStub(channel, callOptions);
    }

    /**
     * <pre>
     * Creates (not yet started if items follow by AddBatchItems).
     * </pre>
     */
    public void createBatch(dev.pawl.v1.CreateBatchRequest request,
        io.grpc.stub.StreamObserver<dev.pawl.v1.CreateBatchResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getCreateBatchMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Client-streamed inputs; chunked and resumable by sequence number.
     * </pre>
     */
    public io.grpc.stub.StreamObserver<dev.pawl.v1.AddBatchItemsRequest> addBatchItems(
        io.grpc.stub.StreamObserver<dev.pawl.v1.AddBatchItemsResponse> responseObserver) {
      return io.grpc.stub.ClientCalls.asyncClientStreamingCall(
          getChannel().newCall(getAddBatchItemsMethod(), getCallOptions()), responseObserver);
    }

    /**
     * <pre>
     * Reads counters.
     * </pre>
     */
    public void getBatch(dev.pawl.v1.GetBatchRequest request,
        io.grpc.stub.StreamObserver<dev.pawl.v1.GetBatchResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getGetBatchMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Lists.
     * </pre>
     */
    public void listBatches(dev.pawl.v1.ListBatchesRequest request,
        io.grpc.stub.StreamObserver<dev.pawl.v1.ListBatchesResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getListBatchesMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Per-item results.
     * </pre>
     */
    public void listBatchItems(dev.pawl.v1.ListBatchItemsRequest request,
        io.grpc.stub.StreamObserver<dev.pawl.v1.ListBatchItemsResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getListBatchItemsMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Streamed progress; resumable; ends after the terminal update.
     * </pre>
     */
    public void watchBatch(dev.pawl.v1.WatchBatchRequest request,
        io.grpc.stub.StreamObserver<dev.pawl.v1.WatchBatchResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncServerStreamingCall(
          getChannel().newCall(getWatchBatchMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Pause by hand (the failure policy also pauses).
     * </pre>
     */
    public void pauseBatch(dev.pawl.v1.PauseBatchRequest request,
        io.grpc.stub.StreamObserver<dev.pawl.v1.PauseBatchResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getPauseBatchMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Resume after review.
     * </pre>
     */
    public void resumeBatch(dev.pawl.v1.ResumeBatchRequest request,
        io.grpc.stub.StreamObserver<dev.pawl.v1.ResumeBatchResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getResumeBatchMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Cancel; optionally stop the executions already started.
     * </pre>
     */
    public void cancelBatch(dev.pawl.v1.CancelBatchRequest request,
        io.grpc.stub.StreamObserver<dev.pawl.v1.CancelBatchResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getCancelBatchMethod(), getCallOptions()), request, responseObserver);
    }
  }

  /**
   * A stub to allow clients to do synchronous rpc calls to service BatchService.
   * <pre>
   * Many executions as one resource: bulk start from inputs, batch chain from source
   * executions, and bulk operations (stop/redrive/...) over a filter. Long-running in the
   * AIP-151 sense but with a typed resource instead of google.longrunning.Operation.
   * </pre>
   */
  public static final class BatchServiceBlockingV2Stub
      extends io.grpc.stub.AbstractBlockingStub<BatchServiceBlockingV2Stub> {
    private BatchServiceBlockingV2Stub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected BatchServiceBlockingV2Stub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new BatchServiceBlockingV2Stub(channel, callOptions);
    }

    /**
     * <pre>
     * Creates (not yet started if items follow by AddBatchItems).
     * </pre>
     */
    public dev.pawl.v1.CreateBatchResponse createBatch(dev.pawl.v1.CreateBatchRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getCreateBatchMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Client-streamed inputs; chunked and resumable by sequence number.
     * </pre>
     */
    @io.grpc.ExperimentalApi("https://github.com/grpc/grpc-java/issues/10918")
    public io.grpc.stub.BlockingClientCall<dev.pawl.v1.AddBatchItemsRequest, dev.pawl.v1.AddBatchItemsResponse>
        addBatchItems() {
      return io.grpc.stub.ClientCalls.blockingClientStreamingCall(
          getChannel(), getAddBatchItemsMethod(), getCallOptions());
    }

    /**
     * <pre>
     * Reads counters.
     * </pre>
     */
    public dev.pawl.v1.GetBatchResponse getBatch(dev.pawl.v1.GetBatchRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getGetBatchMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Lists.
     * </pre>
     */
    public dev.pawl.v1.ListBatchesResponse listBatches(dev.pawl.v1.ListBatchesRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getListBatchesMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Per-item results.
     * </pre>
     */
    public dev.pawl.v1.ListBatchItemsResponse listBatchItems(dev.pawl.v1.ListBatchItemsRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getListBatchItemsMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Streamed progress; resumable; ends after the terminal update.
     * </pre>
     */
    @io.grpc.ExperimentalApi("https://github.com/grpc/grpc-java/issues/10918")
    public io.grpc.stub.BlockingClientCall<?, dev.pawl.v1.WatchBatchResponse>
        watchBatch(dev.pawl.v1.WatchBatchRequest request) {
      return io.grpc.stub.ClientCalls.blockingV2ServerStreamingCall(
          getChannel(), getWatchBatchMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Pause by hand (the failure policy also pauses).
     * </pre>
     */
    public dev.pawl.v1.PauseBatchResponse pauseBatch(dev.pawl.v1.PauseBatchRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getPauseBatchMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Resume after review.
     * </pre>
     */
    public dev.pawl.v1.ResumeBatchResponse resumeBatch(dev.pawl.v1.ResumeBatchRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getResumeBatchMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Cancel; optionally stop the executions already started.
     * </pre>
     */
    public dev.pawl.v1.CancelBatchResponse cancelBatch(dev.pawl.v1.CancelBatchRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getCancelBatchMethod(), getCallOptions(), request);
    }
  }

  /**
   * A stub to allow clients to do limited synchronous rpc calls to service BatchService.
   * <pre>
   * Many executions as one resource: bulk start from inputs, batch chain from source
   * executions, and bulk operations (stop/redrive/...) over a filter. Long-running in the
   * AIP-151 sense but with a typed resource instead of google.longrunning.Operation.
   * </pre>
   */
  public static final class BatchServiceBlockingStub
      extends io.grpc.stub.AbstractBlockingStub<BatchServiceBlockingStub> {
    private BatchServiceBlockingStub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected BatchServiceBlockingStub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new BatchServiceBlockingStub(channel, callOptions);
    }

    /**
     * <pre>
     * Creates (not yet started if items follow by AddBatchItems).
     * </pre>
     */
    public dev.pawl.v1.CreateBatchResponse createBatch(dev.pawl.v1.CreateBatchRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getCreateBatchMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Reads counters.
     * </pre>
     */
    public dev.pawl.v1.GetBatchResponse getBatch(dev.pawl.v1.GetBatchRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getGetBatchMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Lists.
     * </pre>
     */
    public dev.pawl.v1.ListBatchesResponse listBatches(dev.pawl.v1.ListBatchesRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getListBatchesMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Per-item results.
     * </pre>
     */
    public dev.pawl.v1.ListBatchItemsResponse listBatchItems(dev.pawl.v1.ListBatchItemsRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getListBatchItemsMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Streamed progress; resumable; ends after the terminal update.
     * </pre>
     */
    public java.util.Iterator<dev.pawl.v1.WatchBatchResponse> watchBatch(
        dev.pawl.v1.WatchBatchRequest request) {
      return io.grpc.stub.ClientCalls.blockingServerStreamingCall(
          getChannel(), getWatchBatchMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Pause by hand (the failure policy also pauses).
     * </pre>
     */
    public dev.pawl.v1.PauseBatchResponse pauseBatch(dev.pawl.v1.PauseBatchRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getPauseBatchMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Resume after review.
     * </pre>
     */
    public dev.pawl.v1.ResumeBatchResponse resumeBatch(dev.pawl.v1.ResumeBatchRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getResumeBatchMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Cancel; optionally stop the executions already started.
     * </pre>
     */
    public dev.pawl.v1.CancelBatchResponse cancelBatch(dev.pawl.v1.CancelBatchRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getCancelBatchMethod(), getCallOptions(), request);
    }
  }

  /**
   * A stub to allow clients to do ListenableFuture-style rpc calls to service BatchService.
   * <pre>
   * Many executions as one resource: bulk start from inputs, batch chain from source
   * executions, and bulk operations (stop/redrive/...) over a filter. Long-running in the
   * AIP-151 sense but with a typed resource instead of google.longrunning.Operation.
   * </pre>
   */
  public static final class BatchServiceFutureStub
      extends io.grpc.stub.AbstractFutureStub<BatchServiceFutureStub> {
    private BatchServiceFutureStub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected BatchServiceFutureStub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new BatchServiceFutureStub(channel, callOptions);
    }

    /**
     * <pre>
     * Creates (not yet started if items follow by AddBatchItems).
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.pawl.v1.CreateBatchResponse> createBatch(
        dev.pawl.v1.CreateBatchRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getCreateBatchMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Reads counters.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.pawl.v1.GetBatchResponse> getBatch(
        dev.pawl.v1.GetBatchRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getGetBatchMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Lists.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.pawl.v1.ListBatchesResponse> listBatches(
        dev.pawl.v1.ListBatchesRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getListBatchesMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Per-item results.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.pawl.v1.ListBatchItemsResponse> listBatchItems(
        dev.pawl.v1.ListBatchItemsRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getListBatchItemsMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Pause by hand (the failure policy also pauses).
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.pawl.v1.PauseBatchResponse> pauseBatch(
        dev.pawl.v1.PauseBatchRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getPauseBatchMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Resume after review.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.pawl.v1.ResumeBatchResponse> resumeBatch(
        dev.pawl.v1.ResumeBatchRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getResumeBatchMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Cancel; optionally stop the executions already started.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.pawl.v1.CancelBatchResponse> cancelBatch(
        dev.pawl.v1.CancelBatchRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getCancelBatchMethod(), getCallOptions()), request);
    }
  }

  private static final int METHODID_CREATE_BATCH = 0;
  private static final int METHODID_GET_BATCH = 1;
  private static final int METHODID_LIST_BATCHES = 2;
  private static final int METHODID_LIST_BATCH_ITEMS = 3;
  private static final int METHODID_WATCH_BATCH = 4;
  private static final int METHODID_PAUSE_BATCH = 5;
  private static final int METHODID_RESUME_BATCH = 6;
  private static final int METHODID_CANCEL_BATCH = 7;
  private static final int METHODID_ADD_BATCH_ITEMS = 8;

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
        case METHODID_CREATE_BATCH:
          serviceImpl.createBatch((dev.pawl.v1.CreateBatchRequest) request,
              (io.grpc.stub.StreamObserver<dev.pawl.v1.CreateBatchResponse>) responseObserver);
          break;
        case METHODID_GET_BATCH:
          serviceImpl.getBatch((dev.pawl.v1.GetBatchRequest) request,
              (io.grpc.stub.StreamObserver<dev.pawl.v1.GetBatchResponse>) responseObserver);
          break;
        case METHODID_LIST_BATCHES:
          serviceImpl.listBatches((dev.pawl.v1.ListBatchesRequest) request,
              (io.grpc.stub.StreamObserver<dev.pawl.v1.ListBatchesResponse>) responseObserver);
          break;
        case METHODID_LIST_BATCH_ITEMS:
          serviceImpl.listBatchItems((dev.pawl.v1.ListBatchItemsRequest) request,
              (io.grpc.stub.StreamObserver<dev.pawl.v1.ListBatchItemsResponse>) responseObserver);
          break;
        case METHODID_WATCH_BATCH:
          serviceImpl.watchBatch((dev.pawl.v1.WatchBatchRequest) request,
              (io.grpc.stub.StreamObserver<dev.pawl.v1.WatchBatchResponse>) responseObserver);
          break;
        case METHODID_PAUSE_BATCH:
          serviceImpl.pauseBatch((dev.pawl.v1.PauseBatchRequest) request,
              (io.grpc.stub.StreamObserver<dev.pawl.v1.PauseBatchResponse>) responseObserver);
          break;
        case METHODID_RESUME_BATCH:
          serviceImpl.resumeBatch((dev.pawl.v1.ResumeBatchRequest) request,
              (io.grpc.stub.StreamObserver<dev.pawl.v1.ResumeBatchResponse>) responseObserver);
          break;
        case METHODID_CANCEL_BATCH:
          serviceImpl.cancelBatch((dev.pawl.v1.CancelBatchRequest) request,
              (io.grpc.stub.StreamObserver<dev.pawl.v1.CancelBatchResponse>) responseObserver);
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
        case METHODID_ADD_BATCH_ITEMS:
          return (io.grpc.stub.StreamObserver<Req>) serviceImpl.addBatchItems(
              (io.grpc.stub.StreamObserver<dev.pawl.v1.AddBatchItemsResponse>) responseObserver);
        default:
          throw new AssertionError();
      }
    }
  }

  public static final io.grpc.ServerServiceDefinition bindService(AsyncService service) {
    return io.grpc.ServerServiceDefinition.builder(getServiceDescriptor())
        .addMethod(
          getCreateBatchMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.pawl.v1.CreateBatchRequest,
              dev.pawl.v1.CreateBatchResponse>(
                service, METHODID_CREATE_BATCH)))
        .addMethod(
          getAddBatchItemsMethod(),
          io.grpc.stub.ServerCalls.asyncClientStreamingCall(
            new MethodHandlers<
              dev.pawl.v1.AddBatchItemsRequest,
              dev.pawl.v1.AddBatchItemsResponse>(
                service, METHODID_ADD_BATCH_ITEMS)))
        .addMethod(
          getGetBatchMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.pawl.v1.GetBatchRequest,
              dev.pawl.v1.GetBatchResponse>(
                service, METHODID_GET_BATCH)))
        .addMethod(
          getListBatchesMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.pawl.v1.ListBatchesRequest,
              dev.pawl.v1.ListBatchesResponse>(
                service, METHODID_LIST_BATCHES)))
        .addMethod(
          getListBatchItemsMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.pawl.v1.ListBatchItemsRequest,
              dev.pawl.v1.ListBatchItemsResponse>(
                service, METHODID_LIST_BATCH_ITEMS)))
        .addMethod(
          getWatchBatchMethod(),
          io.grpc.stub.ServerCalls.asyncServerStreamingCall(
            new MethodHandlers<
              dev.pawl.v1.WatchBatchRequest,
              dev.pawl.v1.WatchBatchResponse>(
                service, METHODID_WATCH_BATCH)))
        .addMethod(
          getPauseBatchMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.pawl.v1.PauseBatchRequest,
              dev.pawl.v1.PauseBatchResponse>(
                service, METHODID_PAUSE_BATCH)))
        .addMethod(
          getResumeBatchMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.pawl.v1.ResumeBatchRequest,
              dev.pawl.v1.ResumeBatchResponse>(
                service, METHODID_RESUME_BATCH)))
        .addMethod(
          getCancelBatchMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.pawl.v1.CancelBatchRequest,
              dev.pawl.v1.CancelBatchResponse>(
                service, METHODID_CANCEL_BATCH)))
        .build();
  }

  private static abstract class BatchServiceBaseDescriptorSupplier
      implements io.grpc.protobuf.ProtoFileDescriptorSupplier, io.grpc.protobuf.ProtoServiceDescriptorSupplier {
    BatchServiceBaseDescriptorSupplier() {}

    @java.lang.Override
    public com.google.protobuf.Descriptors.FileDescriptor getFileDescriptor() {
      return dev.pawl.v1.BatchServiceOuterClass.getDescriptor();
    }

    @java.lang.Override
    public com.google.protobuf.Descriptors.ServiceDescriptor getServiceDescriptor() {
      return getFileDescriptor().findServiceByName("BatchService");
    }
  }

  private static final class BatchServiceFileDescriptorSupplier
      extends BatchServiceBaseDescriptorSupplier {
    BatchServiceFileDescriptorSupplier() {}
  }

  private static final class BatchServiceMethodDescriptorSupplier
      extends BatchServiceBaseDescriptorSupplier
      implements io.grpc.protobuf.ProtoMethodDescriptorSupplier {
    private final java.lang.String methodName;

    BatchServiceMethodDescriptorSupplier(java.lang.String methodName) {
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
      synchronized (BatchServiceGrpc.class) {
        result = serviceDescriptor;
        if (result == null) {
          serviceDescriptor = result = io.grpc.ServiceDescriptor.newBuilder(SERVICE_NAME)
              .setSchemaDescriptor(new BatchServiceFileDescriptorSupplier())
              .addMethod(getCreateBatchMethod())
              .addMethod(getAddBatchItemsMethod())
              .addMethod(getGetBatchMethod())
              .addMethod(getListBatchesMethod())
              .addMethod(getListBatchItemsMethod())
              .addMethod(getWatchBatchMethod())
              .addMethod(getPauseBatchMethod())
              .addMethod(getResumeBatchMethod())
              .addMethod(getCancelBatchMethod())
              .build();
        }
      }
    }
    return result;
  }
}
