package dev.pawl.v1;

import static io.grpc.MethodDescriptor.generateFullMethodName;

/**
 * <pre>
 * Queues and workers as seen by operators and the dashboard.
 * </pre>
 */
@io.grpc.stub.annotations.GrpcGenerated
public final class TaskQueueServiceGrpc {

  private TaskQueueServiceGrpc() {}

  public static final java.lang.String SERVICE_NAME = "pawl.v1.TaskQueueService";

  // Static method descriptors that strictly reflect the proto.
  private static volatile io.grpc.MethodDescriptor<dev.pawl.v1.ListTaskQueuesRequest,
      dev.pawl.v1.ListTaskQueuesResponse> getListTaskQueuesMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "ListTaskQueues",
      requestType = dev.pawl.v1.ListTaskQueuesRequest.class,
      responseType = dev.pawl.v1.ListTaskQueuesResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.pawl.v1.ListTaskQueuesRequest,
      dev.pawl.v1.ListTaskQueuesResponse> getListTaskQueuesMethod() {
    io.grpc.MethodDescriptor<dev.pawl.v1.ListTaskQueuesRequest, dev.pawl.v1.ListTaskQueuesResponse> getListTaskQueuesMethod;
    if ((getListTaskQueuesMethod = TaskQueueServiceGrpc.getListTaskQueuesMethod) == null) {
      synchronized (TaskQueueServiceGrpc.class) {
        if ((getListTaskQueuesMethod = TaskQueueServiceGrpc.getListTaskQueuesMethod) == null) {
          TaskQueueServiceGrpc.getListTaskQueuesMethod = getListTaskQueuesMethod =
              io.grpc.MethodDescriptor.<dev.pawl.v1.ListTaskQueuesRequest, dev.pawl.v1.ListTaskQueuesResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "ListTaskQueues"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.pawl.v1.ListTaskQueuesRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.pawl.v1.ListTaskQueuesResponse.getDefaultInstance()))
              .setSchemaDescriptor(new TaskQueueServiceMethodDescriptorSupplier("ListTaskQueues"))
              .build();
        }
      }
    }
    return getListTaskQueuesMethod;
  }

  private static volatile io.grpc.MethodDescriptor<dev.pawl.v1.UpdateTaskQueueRequest,
      dev.pawl.v1.UpdateTaskQueueResponse> getUpdateTaskQueueMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "UpdateTaskQueue",
      requestType = dev.pawl.v1.UpdateTaskQueueRequest.class,
      responseType = dev.pawl.v1.UpdateTaskQueueResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.pawl.v1.UpdateTaskQueueRequest,
      dev.pawl.v1.UpdateTaskQueueResponse> getUpdateTaskQueueMethod() {
    io.grpc.MethodDescriptor<dev.pawl.v1.UpdateTaskQueueRequest, dev.pawl.v1.UpdateTaskQueueResponse> getUpdateTaskQueueMethod;
    if ((getUpdateTaskQueueMethod = TaskQueueServiceGrpc.getUpdateTaskQueueMethod) == null) {
      synchronized (TaskQueueServiceGrpc.class) {
        if ((getUpdateTaskQueueMethod = TaskQueueServiceGrpc.getUpdateTaskQueueMethod) == null) {
          TaskQueueServiceGrpc.getUpdateTaskQueueMethod = getUpdateTaskQueueMethod =
              io.grpc.MethodDescriptor.<dev.pawl.v1.UpdateTaskQueueRequest, dev.pawl.v1.UpdateTaskQueueResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "UpdateTaskQueue"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.pawl.v1.UpdateTaskQueueRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.pawl.v1.UpdateTaskQueueResponse.getDefaultInstance()))
              .setSchemaDescriptor(new TaskQueueServiceMethodDescriptorSupplier("UpdateTaskQueue"))
              .build();
        }
      }
    }
    return getUpdateTaskQueueMethod;
  }

  private static volatile io.grpc.MethodDescriptor<dev.pawl.v1.ListTasksRequest,
      dev.pawl.v1.ListTasksResponse> getListTasksMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "ListTasks",
      requestType = dev.pawl.v1.ListTasksRequest.class,
      responseType = dev.pawl.v1.ListTasksResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.pawl.v1.ListTasksRequest,
      dev.pawl.v1.ListTasksResponse> getListTasksMethod() {
    io.grpc.MethodDescriptor<dev.pawl.v1.ListTasksRequest, dev.pawl.v1.ListTasksResponse> getListTasksMethod;
    if ((getListTasksMethod = TaskQueueServiceGrpc.getListTasksMethod) == null) {
      synchronized (TaskQueueServiceGrpc.class) {
        if ((getListTasksMethod = TaskQueueServiceGrpc.getListTasksMethod) == null) {
          TaskQueueServiceGrpc.getListTasksMethod = getListTasksMethod =
              io.grpc.MethodDescriptor.<dev.pawl.v1.ListTasksRequest, dev.pawl.v1.ListTasksResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "ListTasks"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.pawl.v1.ListTasksRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.pawl.v1.ListTasksResponse.getDefaultInstance()))
              .setSchemaDescriptor(new TaskQueueServiceMethodDescriptorSupplier("ListTasks"))
              .build();
        }
      }
    }
    return getListTasksMethod;
  }

  private static volatile io.grpc.MethodDescriptor<dev.pawl.v1.ListWorkersRequest,
      dev.pawl.v1.ListWorkersResponse> getListWorkersMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "ListWorkers",
      requestType = dev.pawl.v1.ListWorkersRequest.class,
      responseType = dev.pawl.v1.ListWorkersResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.pawl.v1.ListWorkersRequest,
      dev.pawl.v1.ListWorkersResponse> getListWorkersMethod() {
    io.grpc.MethodDescriptor<dev.pawl.v1.ListWorkersRequest, dev.pawl.v1.ListWorkersResponse> getListWorkersMethod;
    if ((getListWorkersMethod = TaskQueueServiceGrpc.getListWorkersMethod) == null) {
      synchronized (TaskQueueServiceGrpc.class) {
        if ((getListWorkersMethod = TaskQueueServiceGrpc.getListWorkersMethod) == null) {
          TaskQueueServiceGrpc.getListWorkersMethod = getListWorkersMethod =
              io.grpc.MethodDescriptor.<dev.pawl.v1.ListWorkersRequest, dev.pawl.v1.ListWorkersResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "ListWorkers"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.pawl.v1.ListWorkersRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.pawl.v1.ListWorkersResponse.getDefaultInstance()))
              .setSchemaDescriptor(new TaskQueueServiceMethodDescriptorSupplier("ListWorkers"))
              .build();
        }
      }
    }
    return getListWorkersMethod;
  }

  private static volatile io.grpc.MethodDescriptor<dev.pawl.v1.DrainWorkerRequest,
      dev.pawl.v1.DrainWorkerResponse> getDrainWorkerMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "DrainWorker",
      requestType = dev.pawl.v1.DrainWorkerRequest.class,
      responseType = dev.pawl.v1.DrainWorkerResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.pawl.v1.DrainWorkerRequest,
      dev.pawl.v1.DrainWorkerResponse> getDrainWorkerMethod() {
    io.grpc.MethodDescriptor<dev.pawl.v1.DrainWorkerRequest, dev.pawl.v1.DrainWorkerResponse> getDrainWorkerMethod;
    if ((getDrainWorkerMethod = TaskQueueServiceGrpc.getDrainWorkerMethod) == null) {
      synchronized (TaskQueueServiceGrpc.class) {
        if ((getDrainWorkerMethod = TaskQueueServiceGrpc.getDrainWorkerMethod) == null) {
          TaskQueueServiceGrpc.getDrainWorkerMethod = getDrainWorkerMethod =
              io.grpc.MethodDescriptor.<dev.pawl.v1.DrainWorkerRequest, dev.pawl.v1.DrainWorkerResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "DrainWorker"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.pawl.v1.DrainWorkerRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.pawl.v1.DrainWorkerResponse.getDefaultInstance()))
              .setSchemaDescriptor(new TaskQueueServiceMethodDescriptorSupplier("DrainWorker"))
              .build();
        }
      }
    }
    return getDrainWorkerMethod;
  }

  /**
   * Creates a new async stub that supports all call types for the service
   */
  public static TaskQueueServiceStub newStub(io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<TaskQueueServiceStub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<TaskQueueServiceStub>() {
        @java.lang.Override
        public TaskQueueServiceStub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new TaskQueueServiceStub(channel, callOptions);
        }
      };
    return TaskQueueServiceStub.newStub(factory, channel);
  }

  /**
   * Creates a new blocking-style stub that supports all types of calls on the service
   */
  public static TaskQueueServiceBlockingV2Stub newBlockingV2Stub(
      io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<TaskQueueServiceBlockingV2Stub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<TaskQueueServiceBlockingV2Stub>() {
        @java.lang.Override
        public TaskQueueServiceBlockingV2Stub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new TaskQueueServiceBlockingV2Stub(channel, callOptions);
        }
      };
    return TaskQueueServiceBlockingV2Stub.newStub(factory, channel);
  }

  /**
   * Creates a new blocking-style stub that supports unary and streaming output calls on the service
   */
  public static TaskQueueServiceBlockingStub newBlockingStub(
      io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<TaskQueueServiceBlockingStub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<TaskQueueServiceBlockingStub>() {
        @java.lang.Override
        public TaskQueueServiceBlockingStub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new TaskQueueServiceBlockingStub(channel, callOptions);
        }
      };
    return TaskQueueServiceBlockingStub.newStub(factory, channel);
  }

  /**
   * Creates a new ListenableFuture-style stub that supports unary calls on the service
   */
  public static TaskQueueServiceFutureStub newFutureStub(
      io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<TaskQueueServiceFutureStub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<TaskQueueServiceFutureStub>() {
        @java.lang.Override
        public TaskQueueServiceFutureStub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new TaskQueueServiceFutureStub(channel, callOptions);
        }
      };
    return TaskQueueServiceFutureStub.newStub(factory, channel);
  }

  /**
   * <pre>
   * Queues and workers as seen by operators and the dashboard.
   * </pre>
   */
  public interface AsyncService {

    /**
     * <pre>
     * Backlog, age, rates, workers per resource.
     * </pre>
     */
    default void listTaskQueues(dev.pawl.v1.ListTaskQueuesRequest request,
        io.grpc.stub.StreamObserver<dev.pawl.v1.ListTaskQueuesResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getListTaskQueuesMethod(), responseObserver);
    }

    /**
     * <pre>
     * Pause, rate limit, concurrency limit.
     * </pre>
     */
    default void updateTaskQueue(dev.pawl.v1.UpdateTaskQueueRequest request,
        io.grpc.stub.StreamObserver<dev.pawl.v1.UpdateTaskQueueResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getUpdateTaskQueueMethod(), responseObserver);
    }

    /**
     * <pre>
     * Tasks in a queue.
     * </pre>
     */
    default void listTasks(dev.pawl.v1.ListTasksRequest request,
        io.grpc.stub.StreamObserver<dev.pawl.v1.ListTasksResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getListTasksMethod(), responseObserver);
    }

    /**
     * <pre>
     * Sessions.
     * </pre>
     */
    default void listWorkers(dev.pawl.v1.ListWorkersRequest request,
        io.grpc.stub.StreamObserver<dev.pawl.v1.ListWorkersResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getListWorkersMethod(), responseObserver);
    }

    /**
     * <pre>
     * Asks a worker to drain (remote rolling restart).
     * </pre>
     */
    default void drainWorker(dev.pawl.v1.DrainWorkerRequest request,
        io.grpc.stub.StreamObserver<dev.pawl.v1.DrainWorkerResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getDrainWorkerMethod(), responseObserver);
    }
  }

  /**
   * Base class for the server implementation of the service TaskQueueService.
   * <pre>
   * Queues and workers as seen by operators and the dashboard.
   * </pre>
   */
  public static abstract class TaskQueueServiceImplBase
      implements io.grpc.BindableService, AsyncService {

    @java.lang.Override public final io.grpc.ServerServiceDefinition bindService() {
      return TaskQueueServiceGrpc.bindService(this);
    }
  }

  /**
   * A stub to allow clients to do asynchronous rpc calls to service TaskQueueService.
   * <pre>
   * Queues and workers as seen by operators and the dashboard.
   * </pre>
   */
  public static final class TaskQueueServiceStub
      extends io.grpc.stub.AbstractAsyncStub<TaskQueueServiceStub> {
    private TaskQueueServiceStub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected TaskQueueServiceStub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new TaskQueueServiceStub(channel, callOptions);
    }

    /**
     * <pre>
     * Backlog, age, rates, workers per resource.
     * </pre>
     */
    public void listTaskQueues(dev.pawl.v1.ListTaskQueuesRequest request,
        io.grpc.stub.StreamObserver<dev.pawl.v1.ListTaskQueuesResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getListTaskQueuesMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Pause, rate limit, concurrency limit.
     * </pre>
     */
    public void updateTaskQueue(dev.pawl.v1.UpdateTaskQueueRequest request,
        io.grpc.stub.StreamObserver<dev.pawl.v1.UpdateTaskQueueResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getUpdateTaskQueueMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Tasks in a queue.
     * </pre>
     */
    public void listTasks(dev.pawl.v1.ListTasksRequest request,
        io.grpc.stub.StreamObserver<dev.pawl.v1.ListTasksResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getListTasksMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Sessions.
     * </pre>
     */
    public void listWorkers(dev.pawl.v1.ListWorkersRequest request,
        io.grpc.stub.StreamObserver<dev.pawl.v1.ListWorkersResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getListWorkersMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Asks a worker to drain (remote rolling restart).
     * </pre>
     */
    public void drainWorker(dev.pawl.v1.DrainWorkerRequest request,
        io.grpc.stub.StreamObserver<dev.pawl.v1.DrainWorkerResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getDrainWorkerMethod(), getCallOptions()), request, responseObserver);
    }
  }

  /**
   * A stub to allow clients to do synchronous rpc calls to service TaskQueueService.
   * <pre>
   * Queues and workers as seen by operators and the dashboard.
   * </pre>
   */
  public static final class TaskQueueServiceBlockingV2Stub
      extends io.grpc.stub.AbstractBlockingStub<TaskQueueServiceBlockingV2Stub> {
    private TaskQueueServiceBlockingV2Stub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected TaskQueueServiceBlockingV2Stub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new TaskQueueServiceBlockingV2Stub(channel, callOptions);
    }

    /**
     * <pre>
     * Backlog, age, rates, workers per resource.
     * </pre>
     */
    public dev.pawl.v1.ListTaskQueuesResponse listTaskQueues(dev.pawl.v1.ListTaskQueuesRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getListTaskQueuesMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Pause, rate limit, concurrency limit.
     * </pre>
     */
    public dev.pawl.v1.UpdateTaskQueueResponse updateTaskQueue(dev.pawl.v1.UpdateTaskQueueRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getUpdateTaskQueueMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Tasks in a queue.
     * </pre>
     */
    public dev.pawl.v1.ListTasksResponse listTasks(dev.pawl.v1.ListTasksRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getListTasksMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Sessions.
     * </pre>
     */
    public dev.pawl.v1.ListWorkersResponse listWorkers(dev.pawl.v1.ListWorkersRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getListWorkersMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Asks a worker to drain (remote rolling restart).
     * </pre>
     */
    public dev.pawl.v1.DrainWorkerResponse drainWorker(dev.pawl.v1.DrainWorkerRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getDrainWorkerMethod(), getCallOptions(), request);
    }
  }

  /**
   * A stub to allow clients to do limited synchronous rpc calls to service TaskQueueService.
   * <pre>
   * Queues and workers as seen by operators and the dashboard.
   * </pre>
   */
  public static final class TaskQueueServiceBlockingStub
      extends io.grpc.stub.AbstractBlockingStub<TaskQueueServiceBlockingStub> {
    private TaskQueueServiceBlockingStub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected TaskQueueServiceBlockingStub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new TaskQueueServiceBlockingStub(channel, callOptions);
    }

    /**
     * <pre>
     * Backlog, age, rates, workers per resource.
     * </pre>
     */
    public dev.pawl.v1.ListTaskQueuesResponse listTaskQueues(dev.pawl.v1.ListTaskQueuesRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getListTaskQueuesMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Pause, rate limit, concurrency limit.
     * </pre>
     */
    public dev.pawl.v1.UpdateTaskQueueResponse updateTaskQueue(dev.pawl.v1.UpdateTaskQueueRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getUpdateTaskQueueMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Tasks in a queue.
     * </pre>
     */
    public dev.pawl.v1.ListTasksResponse listTasks(dev.pawl.v1.ListTasksRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getListTasksMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Sessions.
     * </pre>
     */
    public dev.pawl.v1.ListWorkersResponse listWorkers(dev.pawl.v1.ListWorkersRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getListWorkersMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Asks a worker to drain (remote rolling restart).
     * </pre>
     */
    public dev.pawl.v1.DrainWorkerResponse drainWorker(dev.pawl.v1.DrainWorkerRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getDrainWorkerMethod(), getCallOptions(), request);
    }
  }

  /**
   * A stub to allow clients to do ListenableFuture-style rpc calls to service TaskQueueService.
   * <pre>
   * Queues and workers as seen by operators and the dashboard.
   * </pre>
   */
  public static final class TaskQueueServiceFutureStub
      extends io.grpc.stub.AbstractFutureStub<TaskQueueServiceFutureStub> {
    private TaskQueueServiceFutureStub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected TaskQueueServiceFutureStub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new TaskQueueServiceFutureStub(channel, callOptions);
    }

    /**
     * <pre>
     * Backlog, age, rates, workers per resource.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.pawl.v1.ListTaskQueuesResponse> listTaskQueues(
        dev.pawl.v1.ListTaskQueuesRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getListTaskQueuesMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Pause, rate limit, concurrency limit.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.pawl.v1.UpdateTaskQueueResponse> updateTaskQueue(
        dev.pawl.v1.UpdateTaskQueueRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getUpdateTaskQueueMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Tasks in a queue.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.pawl.v1.ListTasksResponse> listTasks(
        dev.pawl.v1.ListTasksRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getListTasksMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Sessions.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.pawl.v1.ListWorkersResponse> listWorkers(
        dev.pawl.v1.ListWorkersRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getListWorkersMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Asks a worker to drain (remote rolling restart).
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.pawl.v1.DrainWorkerResponse> drainWorker(
        dev.pawl.v1.DrainWorkerRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getDrainWorkerMethod(), getCallOptions()), request);
    }
  }

  private static final int METHODID_LIST_TASK_QUEUES = 0;
  private static final int METHODID_UPDATE_TASK_QUEUE = 1;
  private static final int METHODID_LIST_TASKS = 2;
  private static final int METHODID_LIST_WORKERS = 3;
  private static final int METHODID_DRAIN_WORKER = 4;

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
        case METHODID_LIST_TASK_QUEUES:
          serviceImpl.listTaskQueues((dev.pawl.v1.ListTaskQueuesRequest) request,
              (io.grpc.stub.StreamObserver<dev.pawl.v1.ListTaskQueuesResponse>) responseObserver);
          break;
        case METHODID_UPDATE_TASK_QUEUE:
          serviceImpl.updateTaskQueue((dev.pawl.v1.UpdateTaskQueueRequest) request,
              (io.grpc.stub.StreamObserver<dev.pawl.v1.UpdateTaskQueueResponse>) responseObserver);
          break;
        case METHODID_LIST_TASKS:
          serviceImpl.listTasks((dev.pawl.v1.ListTasksRequest) request,
              (io.grpc.stub.StreamObserver<dev.pawl.v1.ListTasksResponse>) responseObserver);
          break;
        case METHODID_LIST_WORKERS:
          serviceImpl.listWorkers((dev.pawl.v1.ListWorkersRequest) request,
              (io.grpc.stub.StreamObserver<dev.pawl.v1.ListWorkersResponse>) responseObserver);
          break;
        case METHODID_DRAIN_WORKER:
          serviceImpl.drainWorker((dev.pawl.v1.DrainWorkerRequest) request,
              (io.grpc.stub.StreamObserver<dev.pawl.v1.DrainWorkerResponse>) responseObserver);
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
        default:
          throw new AssertionError();
      }
    }
  }

  public static final io.grpc.ServerServiceDefinition bindService(AsyncService service) {
    return io.grpc.ServerServiceDefinition.builder(getServiceDescriptor())
        .addMethod(
          getListTaskQueuesMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.pawl.v1.ListTaskQueuesRequest,
              dev.pawl.v1.ListTaskQueuesResponse>(
                service, METHODID_LIST_TASK_QUEUES)))
        .addMethod(
          getUpdateTaskQueueMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.pawl.v1.UpdateTaskQueueRequest,
              dev.pawl.v1.UpdateTaskQueueResponse>(
                service, METHODID_UPDATE_TASK_QUEUE)))
        .addMethod(
          getListTasksMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.pawl.v1.ListTasksRequest,
              dev.pawl.v1.ListTasksResponse>(
                service, METHODID_LIST_TASKS)))
        .addMethod(
          getListWorkersMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.pawl.v1.ListWorkersRequest,
              dev.pawl.v1.ListWorkersResponse>(
                service, METHODID_LIST_WORKERS)))
        .addMethod(
          getDrainWorkerMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.pawl.v1.DrainWorkerRequest,
              dev.pawl.v1.DrainWorkerResponse>(
                service, METHODID_DRAIN_WORKER)))
        .build();
  }

  private static abstract class TaskQueueServiceBaseDescriptorSupplier
      implements io.grpc.protobuf.ProtoFileDescriptorSupplier, io.grpc.protobuf.ProtoServiceDescriptorSupplier {
    TaskQueueServiceBaseDescriptorSupplier() {}

    @java.lang.Override
    public com.google.protobuf.Descriptors.FileDescriptor getFileDescriptor() {
      return dev.pawl.v1.WorkerServiceOuterClass.getDescriptor();
    }

    @java.lang.Override
    public com.google.protobuf.Descriptors.ServiceDescriptor getServiceDescriptor() {
      return getFileDescriptor().findServiceByName("TaskQueueService");
    }
  }

  private static final class TaskQueueServiceFileDescriptorSupplier
      extends TaskQueueServiceBaseDescriptorSupplier {
    TaskQueueServiceFileDescriptorSupplier() {}
  }

  private static final class TaskQueueServiceMethodDescriptorSupplier
      extends TaskQueueServiceBaseDescriptorSupplier
      implements io.grpc.protobuf.ProtoMethodDescriptorSupplier {
    private final java.lang.String methodName;

    TaskQueueServiceMethodDescriptorSupplier(java.lang.String methodName) {
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
      synchronized (TaskQueueServiceGrpc.class) {
        result = serviceDescriptor;
        if (result == null) {
          serviceDescriptor = result = io.grpc.ServiceDescriptor.newBuilder(SERVICE_NAME)
              .setSchemaDescriptor(new TaskQueueServiceFileDescriptorSupplier())
              .addMethod(getListTaskQueuesMethod())
              .addMethod(getUpdateTaskQueueMethod())
              .addMethod(getListTasksMethod())
              .addMethod(getListWorkersMethod())
              .addMethod(getDrainWorkerMethod())
              .build();
        }
      }
    }
    return result;
  }
}
