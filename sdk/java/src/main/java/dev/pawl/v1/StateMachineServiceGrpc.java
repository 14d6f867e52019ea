package dev.pawl.v1;

import static io.grpc.MethodDescriptor.generateFullMethodName;

/**
 * <pre>
 * Definitions, immutable versions, weighted aliases, validation, single-state tests.
 * </pre>
 */
@io.grpc.stub.annotations.GrpcGenerated
public final class StateMachineServiceGrpc {

  private StateMachineServiceGrpc() {}

  public static final java.lang.String SERVICE_NAME = "pawl.v1.StateMachineService";

  // Static method descriptors that strictly reflect the proto.
  private static volatile io.grpc.MethodDescriptor<dev.pawl.v1.CreateStateMachineRequest,
      dev.pawl.v1.CreateStateMachineResponse> getCreateStateMachineMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "CreateStateMachine",
      requestType = dev.pawl.v1.CreateStateMachineRequest.class,
      responseType = dev.pawl.v1.CreateStateMachineResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.pawl.v1.CreateStateMachineRequest,
      dev.pawl.v1.CreateStateMachineResponse> getCreateStateMachineMethod() {
    io.grpc.MethodDescriptor<dev.pawl.v1.CreateStateMachineRequest, dev.pawl.v1.CreateStateMachineResponse> getCreateStateMachineMethod;
    if ((getCreateStateMachineMethod = StateMachineServiceGrpc.getCreateStateMachineMethod) == null) {
      synchronized (StateMachineServiceGrpc.class) {
        if ((getCreateStateMachineMethod = StateMachineServiceGrpc.getCreateStateMachineMethod) == null) {
          StateMachineServiceGrpc.getCreateStateMachineMethod = getCreateStateMachineMethod =
              io.grpc.MethodDescriptor.<dev.pawl.v1.CreateStateMachineRequest, dev.pawl.v1.CreateStateMachineResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "CreateStateMachine"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.pawl.v1.CreateStateMachineRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.pawl.v1.CreateStateMachineResponse.getDefaultInstance()))
              .setSchemaDescriptor(new StateMachineServiceMethodDescriptorSupplier("CreateStateMachine"))
              .build();
        }
      }
    }
    return getCreateStateMachineMethod;
  }

  private static volatile io.grpc.MethodDescriptor<dev.pawl.v1.UpdateStateMachineRequest,
      dev.pawl.v1.UpdateStateMachineResponse> getUpdateStateMachineMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "UpdateStateMachine",
      requestType = dev.pawl.v1.UpdateStateMachineRequest.class,
      responseType = dev.pawl.v1.UpdateStateMachineResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.pawl.v1.UpdateStateMachineRequest,
      dev.pawl.v1.UpdateStateMachineResponse> getUpdateStateMachineMethod() {
    io.grpc.MethodDescriptor<dev.pawl.v1.UpdateStateMachineRequest, dev.pawl.v1.UpdateStateMachineResponse> getUpdateStateMachineMethod;
    if ((getUpdateStateMachineMethod = StateMachineServiceGrpc.getUpdateStateMachineMethod) == null) {
      synchronized (StateMachineServiceGrpc.class) {
        if ((getUpdateStateMachineMethod = StateMachineServiceGrpc.getUpdateStateMachineMethod) == null) {
          StateMachineServiceGrpc.getUpdateStateMachineMethod = getUpdateStateMachineMethod =
              io.grpc.MethodDescriptor.<dev.pawl.v1.UpdateStateMachineRequest, dev.pawl.v1.UpdateStateMachineResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "UpdateStateMachine"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.pawl.v1.UpdateStateMachineRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.pawl.v1.UpdateStateMachineResponse.getDefaultInstance()))
              .setSchemaDescriptor(new StateMachineServiceMethodDescriptorSupplier("UpdateStateMachine"))
              .build();
        }
      }
    }
    return getUpdateStateMachineMethod;
  }

  private static volatile io.grpc.MethodDescriptor<dev.pawl.v1.GetStateMachineRequest,
      dev.pawl.v1.GetStateMachineResponse> getGetStateMachineMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "GetStateMachine",
      requestType = dev.pawl.v1.GetStateMachineRequest.class,
      responseType = dev.pawl.v1.GetStateMachineResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.pawl.v1.GetStateMachineRequest,
      dev.pawl.v1.GetStateMachineResponse> getGetStateMachineMethod() {
    io.grpc.MethodDescriptor<dev.pawl.v1.GetStateMachineRequest, dev.pawl.v1.GetStateMachineResponse> getGetStateMachineMethod;
    if ((getGetStateMachineMethod = StateMachineServiceGrpc.getGetStateMachineMethod) == null) {
      synchronized (StateMachineServiceGrpc.class) {
        if ((getGetStateMachineMethod = StateMachineServiceGrpc.getGetStateMachineMethod) == null) {
          StateMachineServiceGrpc.getGetStateMachineMethod = getGetStateMachineMethod =
              io.grpc.MethodDescriptor.<dev.pawl.v1.GetStateMachineRequest, dev.pawl.v1.GetStateMachineResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "GetStateMachine"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.pawl.v1.GetStateMachineRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.pawl.v1.GetStateMachineResponse.getDefaultInstance()))
              .setSchemaDescriptor(new StateMachineServiceMethodDescriptorSupplier("GetStateMachine"))
              .build();
        }
      }
    }
    return getGetStateMachineMethod;
  }

  private static volatile io.grpc.MethodDescriptor<dev.pawl.v1.ListStateMachinesRequest,
      dev.pawl.v1.ListStateMachinesResponse> getListStateMachinesMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "ListStateMachines",
      requestType = dev.pawl.v1.ListStateMachinesRequest.class,
      responseType = dev.pawl.v1.ListStateMachinesResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.pawl.v1.ListStateMachinesRequest,
      dev.pawl.v1.ListStateMachinesResponse> getListStateMachinesMethod() {
    io.grpc.MethodDescriptor<dev.pawl.v1.ListStateMachinesRequest, dev.pawl.v1.ListStateMachinesResponse> getListStateMachinesMethod;
    if ((getListStateMachinesMethod = StateMachineServiceGrpc.getListStateMachinesMethod) == null) {
      synchronized (StateMachineServiceGrpc.class) {
        if ((getListStateMachinesMethod = StateMachineServiceGrpc.getListStateMachinesMethod) == null) {
          StateMachineServiceGrpc.getListStateMachinesMethod = getListStateMachinesMethod =
              io.grpc.MethodDescriptor.<dev.pawl.v1.ListStateMachinesRequest, dev.pawl.v1.ListStateMachinesResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "ListStateMachines"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.pawl.v1.ListStateMachinesRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.pawl.v1.ListStateMachinesResponse.getDefaultInstance()))
              .setSchemaDescriptor(new StateMachineServiceMethodDescriptorSupplier("ListStateMachines"))
              .build();
        }
      }
    }
    return getListStateMachinesMethod;
  }

  private static volatile io.grpc.MethodDescriptor<dev.pawl.v1.DeleteStateMachineRequest,
      dev.pawl.v1.DeleteStateMachineResponse> getDeleteStateMachineMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "DeleteStateMachine",
      requestType = dev.pawl.v1.DeleteStateMachineRequest.class,
      responseType = dev.pawl.v1.DeleteStateMachineResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.pawl.v1.DeleteStateMachineRequest,
      dev.pawl.v1.DeleteStateMachineResponse> getDeleteStateMachineMethod() {
    io.grpc.MethodDescriptor<dev.pawl.v1.DeleteStateMachineRequest, dev.pawl.v1.DeleteStateMachineResponse> getDeleteStateMachineMethod;
    if ((getDeleteStateMachineMethod = StateMachineServiceGrpc.getDeleteStateMachineMethod) == null) {
      synchronized (StateMachineServiceGrpc.class) {
        if ((getDeleteStateMachineMethod = StateMachineServiceGrpc.getDeleteStateMachineMethod) == null) {
          StateMachineServiceGrpc.getDeleteStateMachineMethod = getDeleteStateMachineMethod =
              io.grpc.MethodDescriptor.<dev.pawl.v1.DeleteStateMachineRequest, dev.pawl.v1.DeleteStateMachineResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "DeleteStateMachine"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.pawl.v1.DeleteStateMachineRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.pawl.v1.DeleteStateMachineResponse.getDefaultInstance()))
              .setSchemaDescriptor(new StateMachineServiceMethodDescriptorSupplier("DeleteStateMachine"))
              .build();
        }
      }
    }
    return getDeleteStateMachineMethod;
  }

  private static volatile io.grpc.MethodDescriptor<dev.pawl.v1.PublishStateMachineVersionRequest,
      dev.pawl.v1.PublishStateMachineVersionResponse> getPublishStateMachineVersionMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "PublishStateMachineVersion",
      requestType = dev.pawl.v1.PublishStateMachineVersionRequest.class,
      responseType = dev.pawl.v1.PublishStateMachineVersionResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.pawl.v1.PublishStateMachineVersionRequest,
      dev.pawl.v1.PublishStateMachineVersionResponse> getPublishStateMachineVersionMethod() {
    io.grpc.MethodDescriptor<dev.pawl.v1.PublishStateMachineVersionRequest, dev.pawl.v1.PublishStateMachineVersionResponse> getPublishStateMachineVersionMethod;
    if ((getPublishStateMachineVersionMethod = StateMachineServiceGrpc.getPublishStateMachineVersionMethod) == null) {
      synchronized (StateMachineServiceGrpc.class) {
        if ((getPublishStateMachineVersionMethod = StateMachineServiceGrpc.getPublishStateMachineVersionMethod) == null) {
          StateMachineServiceGrpc.getPublishStateMachineVersionMethod = getPublishStateMachineVersionMethod =
              io.grpc.MethodDescriptor.<dev.pawl.v1.PublishStateMachineVersionRequest, dev.pawl.v1.PublishStateMachineVersionResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "PublishStateMachineVersion"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.pawl.v1.PublishStateMachineVersionRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.pawl.v1.PublishStateMachineVersionResponse.getDefaultInstance()))
              .setSchemaDescriptor(new StateMachineServiceMethodDescriptorSupplier("PublishStateMachineVersion"))
              .build();
        }
      }
    }
    return getPublishStateMachineVersionMethod;
  }

  private static volatile io.grpc.MethodDescriptor<dev.pawl.v1.ListStateMachineVersionsRequest,
      dev.pawl.v1.ListStateMachineVersionsResponse> getListStateMachineVersionsMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "ListStateMachineVersions",
      requestType = dev.pawl.v1.ListStateMachineVersionsRequest.class,
      responseType = dev.pawl.v1.ListStateMachineVersionsResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.pawl.v1.ListStateMachineVersionsRequest,
      dev.pawl.v1.ListStateMachineVersionsResponse> getListStateMachineVersionsMethod() {
    io.grpc.MethodDescriptor<dev.pawl.v1.ListStateMachineVersionsRequest, dev.pawl.v1.ListStateMachineVersionsResponse> getListStateMachineVersionsMethod;
    if ((getListStateMachineVersionsMethod = StateMachineServiceGrpc.getListStateMachineVersionsMethod) == null) {
      synchronized (StateMachineServiceGrpc.class) {
        if ((getListStateMachineVersionsMethod = StateMachineServiceGrpc.getListStateMachineVersionsMethod) == null) {
          StateMachineServiceGrpc.getListStateMachineVersionsMethod = getListStateMachineVersionsMethod =
              io.grpc.MethodDescriptor.<dev.pawl.v1.ListStateMachineVersionsRequest, dev.pawl.v1.ListStateMachineVersionsResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "ListStateMachineVersions"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.pawl.v1.ListStateMachineVersionsRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.pawl.v1.ListStateMachineVersionsResponse.getDefaultInstance()))
              .setSchemaDescriptor(new StateMachineServiceMethodDescriptorSupplier("ListStateMachineVersions"))
              .build();
        }
      }
    }
    return getListStateMachineVersionsMethod;
  }

  private static volatile io.grpc.MethodDescriptor<dev.pawl.v1.DeleteStateMachineVersionRequest,
      dev.pawl.v1.DeleteStateMachineVersionResponse> getDeleteStateMachineVersionMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "DeleteStateMachineVersion",
      requestType = dev.pawl.v1.DeleteStateMachineVersionRequest.class,
      responseType = dev.pawl.v1.DeleteStateMachineVersionResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.pawl.v1.DeleteStateMachineVersionRequest,
      dev.pawl.v1.DeleteStateMachineVersionResponse> getDeleteStateMachineVersionMethod() {
    io.grpc.MethodDescriptor<dev.pawl.v1.DeleteStateMachineVersionRequest, dev.pawl.v1.DeleteStateMachineVersionResponse> getDeleteStateMachineVersionMethod;
    if ((getDeleteStateMachineVersionMethod = StateMachineServiceGrpc.getDeleteStateMachineVersionMethod) == null) {
      synchronized (StateMachineServiceGrpc.class) {
        if ((getDeleteStateMachineVersionMethod = StateMachineServiceGrpc.getDeleteStateMachineVersionMethod) == null) {
          StateMachineServiceGrpc.getDeleteStateMachineVersionMethod = getDeleteStateMachineVersionMethod =
              io.grpc.MethodDescriptor.<dev.pawl.v1.DeleteStateMachineVersionRequest, dev.pawl.v1.DeleteStateMachineVersionResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "DeleteStateMachineVersion"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.pawl.v1.DeleteStateMachineVersionRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.pawl.v1.DeleteStateMachineVersionResponse.getDefaultInstance()))
              .setSchemaDescriptor(new StateMachineServiceMethodDescriptorSupplier("DeleteStateMachineVersion"))
              .build();
        }
      }
    }
    return getDeleteStateMachineVersionMethod;
  }

  private static volatile io.grpc.MethodDescriptor<dev.pawl.v1.PutStateMachineAliasRequest,
      dev.pawl.v1.PutStateMachineAliasResponse> getPutStateMachineAliasMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "PutStateMachineAlias",
      requestType = dev.pawl.v1.PutStateMachineAliasRequest.class,
      responseType = dev.pawl.v1.PutStateMachineAliasResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.pawl.v1.PutStateMachineAliasRequest,
      dev.pawl.v1.PutStateMachineAliasResponse> getPutStateMachineAliasMethod() {
    io.grpc.MethodDescriptor<dev.pawl.v1.PutStateMachineAliasRequest, dev.pawl.v1.PutStateMachineAliasResponse> getPutStateMachineAliasMethod;
    if ((getPutStateMachineAliasMethod = StateMachineServiceGrpc.getPutStateMachineAliasMethod) == null) {
      synchronized (StateMachineServiceGrpc.class) {
        if ((getPutStateMachineAliasMethod = StateMachineServiceGrpc.getPutStateMachineAliasMethod) == null) {
          StateMachineServiceGrpc.getPutStateMachineAliasMethod = getPutStateMachineAliasMethod =
              io.grpc.MethodDescriptor.<dev.pawl.v1.PutStateMachineAliasRequest, dev.pawl.v1.PutStateMachineAliasResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "PutStateMachineAlias"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.pawl.v1.PutStateMachineAliasRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.pawl.v1.PutStateMachineAliasResponse.getDefaultInstance()))
              .setSchemaDescriptor(new StateMachineServiceMethodDescriptorSupplier("PutStateMachineAlias"))
              .build();
        }
      }
    }
    return getPutStateMachineAliasMethod;
  }

  private static volatile io.grpc.MethodDescriptor<dev.pawl.v1.ListStateMachineAliasesRequest,
      dev.pawl.v1.ListStateMachineAliasesResponse> getListStateMachineAliasesMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "ListStateMachineAliases",
      requestType = dev.pawl.v1.ListStateMachineAliasesRequest.class,
      responseType = dev.pawl.v1.ListStateMachineAliasesResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.pawl.v1.ListStateMachineAliasesRequest,
      dev.pawl.v1.ListStateMachineAliasesResponse> getListStateMachineAliasesMethod() {
    io.grpc.MethodDescriptor<dev.pawl.v1.ListStateMachineAliasesRequest, dev.pawl.v1.ListStateMachineAliasesResponse> getListStateMachineAliasesMethod;
    if ((getListStateMachineAliasesMethod = StateMachineServiceGrpc.getListStateMachineAliasesMethod) == null) {
      synchronized (StateMachineServiceGrpc.class) {
        if ((getListStateMachineAliasesMethod = StateMachineServiceGrpc.getListStateMachineAliasesMethod) == null) {
          StateMachineServiceGrpc.getListStateMachineAliasesMethod = getListStateMachineAliasesMethod =
              io.grpc.MethodDescriptor.<dev.pawl.v1.ListStateMachineAliasesRequest, dev.pawl.v1.ListStateMachineAliasesResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "ListStateMachineAliases"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.pawl.v1.ListStateMachineAliasesRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.pawl.v1.ListStateMachineAliasesResponse.getDefaultInstance()))
              .setSchemaDescriptor(new StateMachineServiceMethodDescriptorSupplier("ListStateMachineAliases"))
              .build();
        }
      }
    }
    return getListStateMachineAliasesMethod;
  }

  private static volatile io.grpc.MethodDescriptor<dev.pawl.v1.DeleteStateMachineAliasRequest,
      dev.pawl.v1.DeleteStateMachineAliasResponse> getDeleteStateMachineAliasMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "DeleteStateMachineAlias",
      requestType = dev.pawl.v1.DeleteStateMachineAliasRequest.class,
      responseType = dev.pawl.v1.DeleteStateMachineAliasResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.pawl.v1.DeleteStateMachineAliasRequest,
      dev.pawl.v1.DeleteStateMachineAliasResponse> getDeleteStateMachineAliasMethod() {
    io.grpc.MethodDescriptor<dev.pawl.v1.DeleteStateMachineAliasRequest, dev.pawl.v1.DeleteStateMachineAliasResponse> getDeleteStateMachineAliasMethod;
    if ((getDeleteStateMachineAliasMethod = StateMachineServiceGrpc.getDeleteStateMachineAliasMethod) == null) {
      synchronized (StateMachineServiceGrpc.class) {
        if ((getDeleteStateMachineAliasMethod = StateMachineServiceGrpc.getDeleteStateMachineAliasMethod) == null) {
          StateMachineServiceGrpc.getDeleteStateMachineAliasMethod = getDeleteStateMachineAliasMethod =
              io.grpc.MethodDescriptor.<dev.pawl.v1.DeleteStateMachineAliasRequest, dev.pawl.v1.DeleteStateMachineAliasResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "DeleteStateMachineAlias"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.pawl.v1.DeleteStateMachineAliasRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.pawl.v1.DeleteStateMachineAliasResponse.getDefaultInstance()))
              .setSchemaDescriptor(new StateMachineServiceMethodDescriptorSupplier("DeleteStateMachineAlias"))
              .build();
        }
      }
    }
    return getDeleteStateMachineAliasMethod;
  }

  private static volatile io.grpc.MethodDescriptor<dev.pawl.v1.ValidateDefinitionRequest,
      dev.pawl.v1.ValidateDefinitionResponse> getValidateDefinitionMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "ValidateDefinition",
      requestType = dev.pawl.v1.ValidateDefinitionRequest.class,
      responseType = dev.pawl.v1.ValidateDefinitionResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.pawl.v1.ValidateDefinitionRequest,
      dev.pawl.v1.ValidateDefinitionResponse> getValidateDefinitionMethod() {
    io.grpc.MethodDescriptor<dev.pawl.v1.ValidateDefinitionRequest, dev.pawl.v1.ValidateDefinitionResponse> getValidateDefinitionMethod;
    if ((getValidateDefinitionMethod = StateMachineServiceGrpc.getValidateDefinitionMethod) == null) {
      synchronized (StateMachineServiceGrpc.class) {
        if ((getValidateDefinitionMethod = StateMachineServiceGrpc.getValidateDefinitionMethod) == null) {
          StateMachineServiceGrpc.getValidateDefinitionMethod = getValidateDefinitionMethod =
              io.grpc.MethodDescriptor.<dev.pawl.v1.ValidateDefinitionRequest, dev.pawl.v1.ValidateDefinitionResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "ValidateDefinition"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.pawl.v1.ValidateDefinitionRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.pawl.v1.ValidateDefinitionResponse.getDefaultInstance()))
              .setSchemaDescriptor(new StateMachineServiceMethodDescriptorSupplier("ValidateDefinition"))
              .build();
        }
      }
    }
    return getValidateDefinitionMethod;
  }

  private static volatile io.grpc.MethodDescriptor<dev.pawl.v1.TestStateRequest,
      dev.pawl.v1.TestStateResponse> getTestStateMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "TestState",
      requestType = dev.pawl.v1.TestStateRequest.class,
      responseType = dev.pawl.v1.TestStateResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.pawl.v1.TestStateRequest,
      dev.pawl.v1.TestStateResponse> getTestStateMethod() {
    io.grpc.MethodDescriptor<dev.pawl.v1.TestStateRequest, dev.pawl.v1.TestStateResponse> getTestStateMethod;
    if ((getTestStateMethod = StateMachineServiceGrpc.getTestStateMethod) == null) {
      synchronized (StateMachineServiceGrpc.class) {
        if ((getTestStateMethod = StateMachineServiceGrpc.getTestStateMethod) == null) {
          StateMachineServiceGrpc.getTestStateMethod = getTestStateMethod =
              io.grpc.MethodDescriptor.<dev.pawl.v1.TestStateRequest, dev.pawl.v1.TestStateResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "TestState"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.pawl.v1.TestStateRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.pawl.v1.TestStateResponse.getDefaultInstance()))
              .setSchemaDescriptor(new StateMachineServiceMethodDescriptorSupplier("TestState"))
              .build();
        }
      }
    }
    return getTestStateMethod;
  }

  private static volatile io.grpc.MethodDescriptor<dev.pawl.v1.GetDefinitionGraphRequest,
      dev.pawl.v1.GetDefinitionGraphResponse> getGetDefinitionGraphMethod;

  @io.grpc.stub.annotations.RpcMethod(
      fullMethodName = SERVICE_NAME + '/' + "GetDefinitionGraph",
      requestType = dev.pawl.v1.GetDefinitionGraphRequest.class,
      responseType = dev.pawl.v1.GetDefinitionGraphResponse.class,
      methodType = io.grpc.MethodDescriptor.MethodType.UNARY)
  public static io.grpc.MethodDescriptor<dev.pawl.v1.GetDefinitionGraphRequest,
      dev.pawl.v1.GetDefinitionGraphResponse> getGetDefinitionGraphMethod() {
    io.grpc.MethodDescriptor<dev.pawl.v1.GetDefinitionGraphRequest, dev.pawl.v1.GetDefinitionGraphResponse> getGetDefinitionGraphMethod;
    if ((getGetDefinitionGraphMethod = StateMachineServiceGrpc.getGetDefinitionGraphMethod) == null) {
      synchronized (StateMachineServiceGrpc.class) {
        if ((getGetDefinitionGraphMethod = StateMachineServiceGrpc.getGetDefinitionGraphMethod) == null) {
          StateMachineServiceGrpc.getGetDefinitionGraphMethod = getGetDefinitionGraphMethod =
              io.grpc.MethodDescriptor.<dev.pawl.v1.GetDefinitionGraphRequest, dev.pawl.v1.GetDefinitionGraphResponse>newBuilder()
              .setType(io.grpc.MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(generateFullMethodName(SERVICE_NAME, "GetDefinitionGraph"))
              .setSampledToLocalTracing(true)
              .setRequestMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.pawl.v1.GetDefinitionGraphRequest.getDefaultInstance()))
              .setResponseMarshaller(io.grpc.protobuf.ProtoUtils.marshaller(
                  dev.pawl.v1.GetDefinitionGraphResponse.getDefaultInstance()))
              .setSchemaDescriptor(new StateMachineServiceMethodDescriptorSupplier("GetDefinitionGraph"))
              .build();
        }
      }
    }
    return getGetDefinitionGraphMethod;
  }

  /**
   * Creates a new async stub that supports all call types for the service
   */
  public static StateMachineServiceStub newStub(io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<StateMachineServiceStub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<StateMachineServiceStub>() {
        @java.lang.Override
        public StateMachineServiceStub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new StateMachineServiceStub(channel, callOptions);
        }
      };
    return StateMachineServiceStub.newStub(factory, channel);
  }

  /**
   * Creates a new blocking-style stub that supports all types of calls on the service
   */
  public static StateMachineServiceBlockingV2Stub newBlockingV2Stub(
      io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<StateMachineServiceBlockingV2Stub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<StateMachineServiceBlockingV2Stub>() {
        @java.lang.Override
        public StateMachineServiceBlockingV2Stub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new StateMachineServiceBlockingV2Stub(channel, callOptions);
        }
      };
    return StateMachineServiceBlockingV2Stub.newStub(factory, channel);
  }

  /**
   * Creates a new blocking-style stub that supports unary and streaming output calls on the service
   */
  public static StateMachineServiceBlockingStub newBlockingStub(
      io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<StateMachineServiceBlockingStub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<StateMachineServiceBlockingStub>() {
        @java.lang.Override
        public StateMachineServiceBlockingStub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new StateMachineServiceBlockingStub(channel, callOptions);
        }
      };
    return StateMachineServiceBlockingStub.newStub(factory, channel);
  }

  /**
   * Creates a new ListenableFuture-style stub that supports unary calls on the service
   */
  public static StateMachineServiceFutureStub newFutureStub(
      io.grpc.Channel channel) {
    io.grpc.stub.AbstractStub.StubFactory<StateMachineServiceFutureStub> factory =
      new io.grpc.stub.AbstractStub.StubFactory<StateMachineServiceFutureStub>() {
        @java.lang.Override
        public StateMachineServiceFutureStub newStub(io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
          return new StateMachineServiceFutureStub(channel, callOptions);
        }
      };
    return StateMachineServiceFutureStub.newStub(factory, channel);
  }

  /**
   * <pre>
   * Definitions, immutable versions, weighted aliases, validation, single-state tests.
   * </pre>
   */
  public interface AsyncService {

    /**
     * <pre>
     * Creates; idempotent for same name + same definition hash, else ALREADY_EXISTS.
     * </pre>
     */
    default void createStateMachine(dev.pawl.v1.CreateStateMachineRequest request,
        io.grpc.stub.StreamObserver<dev.pawl.v1.CreateStateMachineResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getCreateStateMachineMethod(), responseObserver);
    }

    /**
     * <pre>
     * Updates the mutable head; running executions keep the revision they started on.
     * </pre>
     */
    default void updateStateMachine(dev.pawl.v1.UpdateStateMachineRequest request,
        io.grpc.stub.StreamObserver<dev.pawl.v1.UpdateStateMachineResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getUpdateStateMachineMethod(), responseObserver);
    }

    /**
     * <pre>
     * Reads one; name may be bare, qualified ("orders:7", "orders:live") or an ARN.
     * </pre>
     */
    default void getStateMachine(dev.pawl.v1.GetStateMachineRequest request,
        io.grpc.stub.StreamObserver<dev.pawl.v1.GetStateMachineResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getGetStateMachineMethod(), responseObserver);
    }

    /**
     * <pre>
     * Lists.
     * </pre>
     */
    default void listStateMachines(dev.pawl.v1.ListStateMachinesRequest request,
        io.grpc.stub.StreamObserver<dev.pawl.v1.ListStateMachinesResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getListStateMachinesMethod(), responseObserver);
    }

    /**
     * <pre>
     * Marks DELETING; finishes when no execution runs (force = stop them).
     * </pre>
     */
    default void deleteStateMachine(dev.pawl.v1.DeleteStateMachineRequest request,
        io.grpc.stub.StreamObserver<dev.pawl.v1.DeleteStateMachineResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getDeleteStateMachineMethod(), responseObserver);
    }

    /**
     * <pre>
     * Freezes the head as the next integer version; same revision twice = same version.
     * </pre>
     */
    default void publishStateMachineVersion(dev.pawl.v1.PublishStateMachineVersionRequest request,
        io.grpc.stub.StreamObserver<dev.pawl.v1.PublishStateMachineVersionResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getPublishStateMachineVersionMethod(), responseObserver);
    }

    /**
     * <pre>
     * Lists versions, newest first (Terraform depends on that order in the AWS twin).
     * </pre>
     */
    default void listStateMachineVersions(dev.pawl.v1.ListStateMachineVersionsRequest request,
        io.grpc.stub.StreamObserver<dev.pawl.v1.ListStateMachineVersionsResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getListStateMachineVersionsMethod(), responseObserver);
    }

    /**
     * <pre>
     * Deletes a version no alias points at.
     * </pre>
     */
    default void deleteStateMachineVersion(dev.pawl.v1.DeleteStateMachineVersionRequest request,
        io.grpc.stub.StreamObserver<dev.pawl.v1.DeleteStateMachineVersionResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getDeleteStateMachineVersionMethod(), responseObserver);
    }

    /**
     * <pre>
     * Creates or replaces an alias (1 or 2 weighted versions, weights sum to 100).
     * </pre>
     */
    default void putStateMachineAlias(dev.pawl.v1.PutStateMachineAliasRequest request,
        io.grpc.stub.StreamObserver<dev.pawl.v1.PutStateMachineAliasResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getPutStateMachineAliasMethod(), responseObserver);
    }

    /**
     * <pre>
     * Lists aliases.
     * </pre>
     */
    default void listStateMachineAliases(dev.pawl.v1.ListStateMachineAliasesRequest request,
        io.grpc.stub.StreamObserver<dev.pawl.v1.ListStateMachineAliasesResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getListStateMachineAliasesMethod(), responseObserver);
    }

    /**
     * <pre>
     * Deletes an alias.
     * </pre>
     */
    default void deleteStateMachineAlias(dev.pawl.v1.DeleteStateMachineAliasRequest request,
        io.grpc.stub.StreamObserver<dev.pawl.v1.DeleteStateMachineAliasResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getDeleteStateMachineAliasMethod(), responseObserver);
    }

    /**
     * <pre>
     * Static analysis; never fails for a bad definition, returns diagnostics.
     * </pre>
     */
    default void validateDefinition(dev.pawl.v1.ValidateDefinitionRequest request,
        io.grpc.stub.StreamObserver<dev.pawl.v1.ValidateDefinitionResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getValidateDefinitionMethod(), responseObserver);
    }

    /**
     * <pre>
     * Runs one state in isolation, with mocks; same semantics as SFN TestState.
     * </pre>
     */
    default void testState(dev.pawl.v1.TestStateRequest request,
        io.grpc.stub.StreamObserver<dev.pawl.v1.TestStateResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getTestStateMethod(), responseObserver);
    }

    /**
     * <pre>
     * Nodes and edges for drawing, computed by the engine's own parser.
     * </pre>
     */
    default void getDefinitionGraph(dev.pawl.v1.GetDefinitionGraphRequest request,
        io.grpc.stub.StreamObserver<dev.pawl.v1.GetDefinitionGraphResponse> responseObserver) {
      io.grpc.stub.ServerCalls.asyncUnimplementedUnaryCall(getGetDefinitionGraphMethod(), responseObserver);
    }
  }

  /**
   * Base class for the server implementation of the service StateMachineService.
   * <pre>
   * Definitions, immutable versions, weighted aliases, validation, single-state tests.
   * </pre>
   */
  public static abstract class StateMachineServiceImplBase
      implements io.grpc.BindableService, AsyncService {

    @java.lang.Override public final io.grpc.ServerServiceDefinition bindService() {
      return StateMachineServiceGrpc.bindService(this);
    }
  }

  /**
   * A stub to allow clients to do asynchronous rpc calls to service StateMachineService.
   * <pre>
   * Definitions, immutable versions, weighted aliases, validation, single-state tests.
   * </pre>
   */
  public static final class StateMachineServiceStub
      extends io.grpc.stub.AbstractAsyncStub<StateMachineServiceStub> {
    private StateMachineServiceStub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected StateMachineServiceStub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new StateMachineServiceStub(channel, callOptions);
    }

    /**
     * <pre>
     * Creates; idempotent for same name + same definition hash, else ALREADY_EXISTS.
     * </pre>
     */
    public void createStateMachine(dev.pawl.v1.CreateStateMachineRequest request,
        io.grpc.stub.StreamObserver<dev.pawl.v1.CreateStateMachineResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getCreateStateMachineMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Updates the mutable head; running executions keep the revision they started on.
     * </pre>
     */
    public void updateStateMachine(dev.pawl.v1.UpdateStateMachineRequest request,
        io.grpc.stub.StreamObserver<dev.pawl.v1.UpdateStateMachineResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getUpdateStateMachineMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Reads one; name may be bare, qualified ("orders:7", "orders:live") or an ARN.
     * </pre>
     */
    public void getStateMachine(dev.pawl.v1.GetStateMachineRequest request,
        io.grpc.stub.StreamObserver<dev.pawl.v1.GetStateMachineResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getGetStateMachineMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Lists.
     * </pre>
     */
    public void listStateMachines(dev.pawl.v1.ListStateMachinesRequest request,
        io.grpc.stub.StreamObserver<dev.pawl.v1.ListStateMachinesResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getListStateMachinesMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Marks DELETING; finishes when no execution runs (force = stop them).
     * </pre>
     */
    public void deleteStateMachine(dev.pawl.v1.DeleteStateMachineRequest request,
        io.grpc.stub.StreamObserver<dev.pawl.v1.DeleteStateMachineResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getDeleteStateMachineMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Freezes the head as the next integer version; same revision twice = same version.
     * </pre>
     */
    public void publishStateMachineVersion(dev.pawl.v1.PublishStateMachineVersionRequest request,
        io.grpc.stub.StreamObserver<dev.pawl.v1.PublishStateMachineVersionResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getPublishStateMachineVersionMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Lists versions, newest first (Terraform depends on that order in the AWS twin).
     * </pre>
     */
    public void listStateMachineVersions(dev.pawl.v1.ListStateMachineVersionsRequest request,
        io.grpc.stub.StreamObserver<dev.pawl.v1.ListStateMachineVersionsResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getListStateMachineVersionsMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Deletes a version no alias points at.
     * </pre>
     */
    public void deleteStateMachineVersion(dev.pawl.v1.DeleteStateMachineVersionRequest request,
        io.grpc.stub.StreamObserver<dev.pawl.v1.DeleteStateMachineVersionResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getDeleteStateMachineVersionMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Creates or replaces an alias (1 or 2 weighted versions, weights sum to 100).
     * </pre>
     */
    public void putStateMachineAlias(dev.pawl.v1.PutStateMachineAliasRequest request,
        io.grpc.stub.StreamObserver<dev.pawl.v1.PutStateMachineAliasResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getPutStateMachineAliasMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Lists aliases.
     * </pre>
     */
    public void listStateMachineAliases(dev.pawl.v1.ListStateMachineAliasesRequest request,
        io.grpc.stub.StreamObserver<dev.pawl.v1.ListStateMachineAliasesResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getListStateMachineAliasesMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Deletes an alias.
     * </pre>
     */
    public void deleteStateMachineAlias(dev.pawl.v1.DeleteStateMachineAliasRequest request,
        io.grpc.stub.StreamObserver<dev.pawl.v1.DeleteStateMachineAliasResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getDeleteStateMachineAliasMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Static analysis; never fails for a bad definition, returns diagnostics.
     * </pre>
     */
    public void validateDefinition(dev.pawl.v1.ValidateDefinitionRequest request,
        io.grpc.stub.StreamObserver<dev.pawl.v1.ValidateDefinitionResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getValidateDefinitionMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Runs one state in isolation, with mocks; same semantics as SFN TestState.
     * </pre>
     */
    public void testState(dev.pawl.v1.TestStateRequest request,
        io.grpc.stub.StreamObserver<dev.pawl.v1.TestStateResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getTestStateMethod(), getCallOptions()), request, responseObserver);
    }

    /**
     * <pre>
     * Nodes and edges for drawing, computed by the engine's own parser.
     * </pre>
     */
    public void getDefinitionGraph(dev.pawl.v1.GetDefinitionGraphRequest request,
        io.grpc.stub.StreamObserver<dev.pawl.v1.GetDefinitionGraphResponse> responseObserver) {
      io.grpc.stub.ClientCalls.asyncUnaryCall(
          getChannel().newCall(getGetDefinitionGraphMethod(), getCallOptions()), request, responseObserver);
    }
  }

  /**
   * A stub to allow clients to do synchronous rpc calls to service StateMachineService.
   * <pre>
   * Definitions, immutable versions, weighted aliases, validation, single-state tests.
   * </pre>
   */
  public static final class StateMachineServiceBlockingV2Stub
      extends io.grpc.stub.AbstractBlockingStub<StateMachineServiceBlockingV2Stub> {
    private StateMachineServiceBlockingV2Stub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected StateMachineServiceBlockingV2Stub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new StateMachineServiceBlockingV2Stub(channel, callOptions);
    }

    /**
     * <pre>
     * Creates; idempotent for same name + same definition hash, else ALREADY_EXISTS.
     * </pre>
     */
    public dev.pawl.v1.CreateStateMachineResponse createStateMachine(dev.pawl.v1.CreateStateMachineRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getCreateStateMachineMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Updates the mutable head; running executions keep the revision they started on.
     * </pre>
     */
    public dev.pawl.v1.UpdateStateMachineResponse updateStateMachine(dev.pawl.v1.UpdateStateMachineRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getUpdateStateMachineMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Reads one; name may be bare, qualified ("orders:7", "orders:live") or an ARN.
     * </pre>
     */
    public dev.pawl.v1.GetStateMachineResponse getStateMachine(dev.pawl.v1.GetStateMachineRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getGetStateMachineMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Lists.
     * </pre>
     */
    public dev.pawl.v1.ListStateMachinesResponse listStateMachines(dev.pawl.v1.ListStateMachinesRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getListStateMachinesMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Marks DELETING; finishes when no execution runs (force = stop them).
     * </pre>
     */
    public dev.pawl.v1.DeleteStateMachineResponse deleteStateMachine(dev.pawl.v1.DeleteStateMachineRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getDeleteStateMachineMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Freezes the head as the next integer version; same revision twice = same version.
     * </pre>
     */
    public dev.pawl.v1.PublishStateMachineVersionResponse publishStateMachineVersion(dev.pawl.v1.PublishStateMachineVersionRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getPublishStateMachineVersionMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Lists versions, newest first (Terraform depends on that order in the AWS twin).
     * </pre>
     */
    public dev.pawl.v1.ListStateMachineVersionsResponse listStateMachineVersions(dev.pawl.v1.ListStateMachineVersionsRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getListStateMachineVersionsMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Deletes a version no alias points at.
     * </pre>
     */
    public dev.pawl.v1.DeleteStateMachineVersionResponse deleteStateMachineVersion(dev.pawl.v1.DeleteStateMachineVersionRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getDeleteStateMachineVersionMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Creates or replaces an alias (1 or 2 weighted versions, weights sum to 100).
     * </pre>
     */
    public dev.pawl.v1.PutStateMachineAliasResponse putStateMachineAlias(dev.pawl.v1.PutStateMachineAliasRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getPutStateMachineAliasMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Lists aliases.
     * </pre>
     */
    public dev.pawl.v1.ListStateMachineAliasesResponse listStateMachineAliases(dev.pawl.v1.ListStateMachineAliasesRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getListStateMachineAliasesMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Deletes an alias.
     * </pre>
     */
    public dev.pawl.v1.DeleteStateMachineAliasResponse deleteStateMachineAlias(dev.pawl.v1.DeleteStateMachineAliasRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getDeleteStateMachineAliasMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Static analysis; never fails for a bad definition, returns diagnostics.
     * </pre>
     */
    public dev.pawl.v1.ValidateDefinitionResponse validateDefinition(dev.pawl.v1.ValidateDefinitionRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getValidateDefinitionMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Runs one state in isolation, with mocks; same semantics as SFN TestState.
     * </pre>
     */
    public dev.pawl.v1.TestStateResponse testState(dev.pawl.v1.TestStateRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getTestStateMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Nodes and edges for drawing, computed by the engine's own parser.
     * </pre>
     */
    public dev.pawl.v1.GetDefinitionGraphResponse getDefinitionGraph(dev.pawl.v1.GetDefinitionGraphRequest request) throws io.grpc.StatusException {
      return io.grpc.stub.ClientCalls.blockingV2UnaryCall(
          getChannel(), getGetDefinitionGraphMethod(), getCallOptions(), request);
    }
  }

  /**
   * A stub to allow clients to do limited synchronous rpc calls to service StateMachineService.
   * <pre>
   * Definitions, immutable versions, weighted aliases, validation, single-state tests.
   * </pre>
   */
  public static final class StateMachineServiceBlockingStub
      extends io.grpc.stub.AbstractBlockingStub<StateMachineServiceBlockingStub> {
    private StateMachineServiceBlockingStub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected StateMachineServiceBlockingStub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new StateMachineServiceBlockingStub(channel, callOptions);
    }

    /**
     * <pre>
     * Creates; idempotent for same name + same definition hash, else ALREADY_EXISTS.
     * </pre>
     */
    public dev.pawl.v1.CreateStateMachineResponse createStateMachine(dev.pawl.v1.CreateStateMachineRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getCreateStateMachineMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Updates the mutable head; running executions keep the revision they started on.
     * </pre>
     */
    public dev.pawl.v1.UpdateStateMachineResponse updateStateMachine(dev.pawl.v1.UpdateStateMachineRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getUpdateStateMachineMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Reads one; name may be bare, qualified ("orders:7", "orders:live") or an ARN.
     * </pre>
     */
    public dev.pawl.v1.GetStateMachineResponse getStateMachine(dev.pawl.v1.GetStateMachineRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getGetStateMachineMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Lists.
     * </pre>
     */
    public dev.pawl.v1.ListStateMachinesResponse listStateMachines(dev.pawl.v1.ListStateMachinesRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getListStateMachinesMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Marks DELETING; finishes when no execution runs (force = stop them).
     * </pre>
     */
    public dev.pawl.v1.DeleteStateMachineResponse deleteStateMachine(dev.pawl.v1.DeleteStateMachineRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getDeleteStateMachineMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Freezes the head as the next integer version; same revision twice = same version.
     * </pre>
     */
    public dev.pawl.v1.PublishStateMachineVersionResponse publishStateMachineVersion(dev.pawl.v1.PublishStateMachineVersionRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getPublishStateMachineVersionMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Lists versions, newest first (Terraform depends on that order in the AWS twin).
     * </pre>
     */
    public dev.pawl.v1.ListStateMachineVersionsResponse listStateMachineVersions(dev.pawl.v1.ListStateMachineVersionsRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getListStateMachineVersionsMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Deletes a version no alias points at.
     * </pre>
     */
    public dev.pawl.v1.DeleteStateMachineVersionResponse deleteStateMachineVersion(dev.pawl.v1.DeleteStateMachineVersionRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getDeleteStateMachineVersionMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Creates or replaces an alias (1 or 2 weighted versions, weights sum to 100).
     * </pre>
     */
    public dev.pawl.v1.PutStateMachineAliasResponse putStateMachineAlias(dev.pawl.v1.PutStateMachineAliasRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getPutStateMachineAliasMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Lists aliases.
     * </pre>
     */
    public dev.pawl.v1.ListStateMachineAliasesResponse listStateMachineAliases(dev.pawl.v1.ListStateMachineAliasesRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getListStateMachineAliasesMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Deletes an alias.
     * </pre>
     */
    public dev.pawl.v1.DeleteStateMachineAliasResponse deleteStateMachineAlias(dev.pawl.v1.DeleteStateMachineAliasRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getDeleteStateMachineAliasMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Static analysis; never fails for a bad definition, returns diagnostics.
     * </pre>
     */
    public dev.pawl.v1.ValidateDefinitionResponse validateDefinition(dev.pawl.v1.ValidateDefinitionRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getValidateDefinitionMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Runs one state in isolation, with mocks; same semantics as SFN TestState.
     * </pre>
     */
    public dev.pawl.v1.TestStateResponse testState(dev.pawl.v1.TestStateRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getTestStateMethod(), getCallOptions(), request);
    }

    /**
     * <pre>
     * Nodes and edges for drawing, computed by the engine's own parser.
     * </pre>
     */
    public dev.pawl.v1.GetDefinitionGraphResponse getDefinitionGraph(dev.pawl.v1.GetDefinitionGraphRequest request) {
      return io.grpc.stub.ClientCalls.blockingUnaryCall(
          getChannel(), getGetDefinitionGraphMethod(), getCallOptions(), request);
    }
  }

  /**
   * A stub to allow clients to do ListenableFuture-style rpc calls to service StateMachineService.
   * <pre>
   * Definitions, immutable versions, weighted aliases, validation, single-state tests.
   * </pre>
   */
  public static final class StateMachineServiceFutureStub
      extends io.grpc.stub.AbstractFutureStub<StateMachineServiceFutureStub> {
    private StateMachineServiceFutureStub(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      super(channel, callOptions);
    }

    @java.lang.Override
    protected StateMachineServiceFutureStub build(
        io.grpc.Channel channel, io.grpc.CallOptions callOptions) {
      return new StateMachineServiceFutureStub(channel, callOptions);
    }

    /**
     * <pre>
     * Creates; idempotent for same name + same definition hash, else ALREADY_EXISTS.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.pawl.v1.CreateStateMachineResponse> createStateMachine(
        dev.pawl.v1.CreateStateMachineRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getCreateStateMachineMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Updates the mutable head; running executions keep the revision they started on.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.pawl.v1.UpdateStateMachineResponse> updateStateMachine(
        dev.pawl.v1.UpdateStateMachineRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getUpdateStateMachineMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Reads one; name may be bare, qualified ("orders:7", "orders:live") or an ARN.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.pawl.v1.GetStateMachineResponse> getStateMachine(
        dev.pawl.v1.GetStateMachineRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getGetStateMachineMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Lists.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.pawl.v1.ListStateMachinesResponse> listStateMachines(
        dev.pawl.v1.ListStateMachinesRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getListStateMachinesMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Marks DELETING; finishes when no execution runs (force = stop them).
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.pawl.v1.DeleteStateMachineResponse> deleteStateMachine(
        dev.pawl.v1.DeleteStateMachineRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getDeleteStateMachineMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Freezes the head as the next integer version; same revision twice = same version.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.pawl.v1.PublishStateMachineVersionResponse> publishStateMachineVersion(
        dev.pawl.v1.PublishStateMachineVersionRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getPublishStateMachineVersionMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Lists versions, newest first (Terraform depends on that order in the AWS twin).
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.pawl.v1.ListStateMachineVersionsResponse> listStateMachineVersions(
        dev.pawl.v1.ListStateMachineVersionsRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getListStateMachineVersionsMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Deletes a version no alias points at.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.pawl.v1.DeleteStateMachineVersionResponse> deleteStateMachineVersion(
        dev.pawl.v1.DeleteStateMachineVersionRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getDeleteStateMachineVersionMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Creates or replaces an alias (1 or 2 weighted versions, weights sum to 100).
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.pawl.v1.PutStateMachineAliasResponse> putStateMachineAlias(
        dev.pawl.v1.PutStateMachineAliasRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getPutStateMachineAliasMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Lists aliases.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.pawl.v1.ListStateMachineAliasesResponse> listStateMachineAliases(
        dev.pawl.v1.ListStateMachineAliasesRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getListStateMachineAliasesMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Deletes an alias.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.pawl.v1.DeleteStateMachineAliasResponse> deleteStateMachineAlias(
        dev.pawl.v1.DeleteStateMachineAliasRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getDeleteStateMachineAliasMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Static analysis; never fails for a bad definition, returns diagnostics.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.pawl.v1.ValidateDefinitionResponse> validateDefinition(
        dev.pawl.v1.ValidateDefinitionRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getValidateDefinitionMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Runs one state in isolation, with mocks; same semantics as SFN TestState.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.pawl.v1.TestStateResponse> testState(
        dev.pawl.v1.TestStateRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getTestStateMethod(), getCallOptions()), request);
    }

    /**
     * <pre>
     * Nodes and edges for drawing, computed by the engine's own parser.
     * </pre>
     */
    public com.google.common.util.concurrent.ListenableFuture<dev.pawl.v1.GetDefinitionGraphResponse> getDefinitionGraph(
        dev.pawl.v1.GetDefinitionGraphRequest request) {
      return io.grpc.stub.ClientCalls.futureUnaryCall(
          getChannel().newCall(getGetDefinitionGraphMethod(), getCallOptions()), request);
    }
  }

  private static final int METHODID_CREATE_STATE_MACHINE = 0;
  private static final int METHODID_UPDATE_STATE_MACHINE = 1;
  private static final int METHODID_GET_STATE_MACHINE = 2;
  private static final int METHODID_LIST_STATE_MACHINES = 3;
  private static final int METHODID_DELETE_STATE_MACHINE = 4;
  private static final int METHODID_PUBLISH_STATE_MACHINE_VERSION = 5;
  private static final int METHODID_LIST_STATE_MACHINE_VERSIONS = 6;
  private static final int METHODID_DELETE_STATE_MACHINE_VERSION = 7;
  private static final int METHODID_PUT_STATE_MACHINE_ALIAS = 8;
  private static final int METHODID_LIST_STATE_MACHINE_ALIASES = 9;
  private static final int METHODID_DELETE_STATE_MACHINE_ALIAS = 10;
  private static final int METHODID_VALIDATE_DEFINITION = 11;
  private static final int METHODID_TEST_STATE = 12;
  private static final int METHODID_GET_DEFINITION_GRAPH = 13;

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
        case METHODID_CREATE_STATE_MACHINE:
          serviceImpl.createStateMachine((dev.pawl.v1.CreateStateMachineRequest) request,
              (io.grpc.stub.StreamObserver<dev.pawl.v1.CreateStateMachineResponse>) responseObserver);
          break;
        case METHODID_UPDATE_STATE_MACHINE:
          serviceImpl.updateStateMachine((dev.pawl.v1.UpdateStateMachineRequest) request,
              (io.grpc.stub.StreamObserver<dev.pawl.v1.UpdateStateMachineResponse>) responseObserver);
          break;
        case METHODID_GET_STATE_MACHINE:
          serviceImpl.getStateMachine((dev.pawl.v1.GetStateMachineRequest) request,
              (io.grpc.stub.StreamObserver<dev.pawl.v1.GetStateMachineResponse>) responseObserver);
          break;
        case METHODID_LIST_STATE_MACHINES:
          serviceImpl.listStateMachines((dev.pawl.v1.ListStateMachinesRequest) request,
              (io.grpc.stub.StreamObserver<dev.pawl.v1.ListStateMachinesResponse>) responseObserver);
          break;
        case METHODID_DELETE_STATE_MACHINE:
          serviceImpl.deleteStateMachine((dev.pawl.v1.DeleteStateMachineRequest) request,
              (io.grpc.stub.StreamObserver<dev.pawl.v1.DeleteStateMachineResponse>) responseObserver);
          break;
        case METHODID_PUBLISH_STATE_MACHINE_VERSION:
          serviceImpl.publishStateMachineVersion((dev.pawl.v1.PublishStateMachineVersionRequest) request,
              (io.grpc.stub.StreamObserver<dev.pawl.v1.PublishStateMachineVersionResponse>) responseObserver);
          break;
        case METHODID_LIST_STATE_MACHINE_VERSIONS:
          serviceImpl.listStateMachineVersions((dev.pawl.v1.ListStateMachineVersionsRequest) request,
              (io.grpc.stub.StreamObserver<dev.pawl.v1.ListStateMachineVersionsResponse>) responseObserver);
          break;
        case METHODID_DELETE_STATE_MACHINE_VERSION:
          serviceImpl.deleteStateMachineVersion((dev.pawl.v1.DeleteStateMachineVersionRequest) request,
              (io.grpc.stub.StreamObserver<dev.pawl.v1.DeleteStateMachineVersionResponse>) responseObserver);
          break;
        case METHODID_PUT_STATE_MACHINE_ALIAS:
          serviceImpl.putStateMachineAlias((dev.pawl.v1.PutStateMachineAliasRequest) request,
              (io.grpc.stub.StreamObserver<dev.pawl.v1.PutStateMachineAliasResponse>) responseObserver);
          break;
        case METHODID_LIST_STATE_MACHINE_ALIASES:
          serviceImpl.listStateMachineAliases((dev.pawl.v1.ListStateMachineAliasesRequest) request,
              (io.grpc.stub.StreamObserver<dev.pawl.v1.ListStateMachineAliasesResponse>) responseObserver);
          break;
        case METHODID_DELETE_STATE_MACHINE_ALIAS:
          serviceImpl.deleteStateMachineAlias((dev.pawl.v1.DeleteStateMachineAliasRequest) request,
              (io.grpc.stub.StreamObserver<dev.pawl.v1.DeleteStateMachineAliasResponse>) responseObserver);
          break;
        case METHODID_VALIDATE_DEFINITION:
          serviceImpl.validateDefinition((dev.pawl.v1.ValidateDefinitionRequest) request,
              (io.grpc.stub.StreamObserver<dev.pawl.v1.ValidateDefinitionResponse>) responseObserver);
          break;
        case METHODID_TEST_STATE:
          serviceImpl.testState((dev.pawl.v1.TestStateRequest) request,
              (io.grpc.stub.StreamObserver<dev.pawl.v1.TestStateResponse>) responseObserver);
          break;
        case METHODID_GET_DEFINITION_GRAPH:
          serviceImpl.getDefinitionGraph((dev.pawl.v1.GetDefinitionGraphRequest) request,
              (io.grpc.stub.StreamObserver<dev.pawl.v1.GetDefinitionGraphResponse>) responseObserver);
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
          getCreateStateMachineMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.pawl.v1.CreateStateMachineRequest,
              dev.pawl.v1.CreateStateMachineResponse>(
                service, METHODID_CREATE_STATE_MACHINE)))
        .addMethod(
          getUpdateStateMachineMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.pawl.v1.UpdateStateMachineRequest,
              dev.pawl.v1.UpdateStateMachineResponse>(
                service, METHODID_UPDATE_STATE_MACHINE)))
        .addMethod(
          getGetStateMachineMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.pawl.v1.GetStateMachineRequest,
              dev.pawl.v1.GetStateMachineResponse>(
                service, METHODID_GET_STATE_MACHINE)))
        .addMethod(
          getListStateMachinesMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.pawl.v1.ListStateMachinesRequest,
              dev.pawl.v1.ListStateMachinesResponse>(
                service, METHODID_LIST_STATE_MACHINES)))
        .addMethod(
          getDeleteStateMachineMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.pawl.v1.DeleteStateMachineRequest,
              dev.pawl.v1.DeleteStateMachineResponse>(
                service, METHODID_DELETE_STATE_MACHINE)))
        .addMethod(
          getPublishStateMachineVersionMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.pawl.v1.PublishStateMachineVersionRequest,
              dev.pawl.v1.PublishStateMachineVersionResponse>(
                service, METHODID_PUBLISH_STATE_MACHINE_VERSION)))
        .addMethod(
          getListStateMachineVersionsMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.pawl.v1.ListStateMachineVersionsRequest,
              dev.pawl.v1.ListStateMachineVersionsResponse>(
                service, METHODID_LIST_STATE_MACHINE_VERSIONS)))
        .addMethod(
          getDeleteStateMachineVersionMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.pawl.v1.DeleteStateMachineVersionRequest,
              dev.pawl.v1.DeleteStateMachineVersionResponse>(
                service, METHODID_DELETE_STATE_MACHINE_VERSION)))
        .addMethod(
          getPutStateMachineAliasMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.pawl.v1.PutStateMachineAliasRequest,
              dev.pawl.v1.PutStateMachineAliasResponse>(
                service, METHODID_PUT_STATE_MACHINE_ALIAS)))
        .addMethod(
          getListStateMachineAliasesMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.pawl.v1.ListStateMachineAliasesRequest,
              dev.pawl.v1.ListStateMachineAliasesResponse>(
                service, METHODID_LIST_STATE_MACHINE_ALIASES)))
        .addMethod(
          getDeleteStateMachineAliasMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.pawl.v1.DeleteStateMachineAliasRequest,
              dev.pawl.v1.DeleteStateMachineAliasResponse>(
                service, METHODID_DELETE_STATE_MACHINE_ALIAS)))
        .addMethod(
          getValidateDefinitionMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.pawl.v1.ValidateDefinitionRequest,
              dev.pawl.v1.ValidateDefinitionResponse>(
                service, METHODID_VALIDATE_DEFINITION)))
        .addMethod(
          getTestStateMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.pawl.v1.TestStateRequest,
              dev.pawl.v1.TestStateResponse>(
                service, METHODID_TEST_STATE)))
        .addMethod(
          getGetDefinitionGraphMethod(),
          io.grpc.stub.ServerCalls.asyncUnaryCall(
            new MethodHandlers<
              dev.pawl.v1.GetDefinitionGraphRequest,
              dev.pawl.v1.GetDefinitionGraphResponse>(
                service, METHODID_GET_DEFINITION_GRAPH)))
        .build();
  }

  private static abstract class StateMachineServiceBaseDescriptorSupplier
      implements io.grpc.protobuf.ProtoFileDescriptorSupplier, io.grpc.protobuf.ProtoServiceDescriptorSupplier {
    StateMachineServiceBaseDescriptorSupplier() {}

    @java.lang.Override
    public com.google.protobuf.Descriptors.FileDescriptor getFileDescriptor() {
      return dev.pawl.v1.StateMachineServiceOuterClass.getDescriptor();
    }

    @java.lang.Override
    public com.google.protobuf.Descriptors.ServiceDescriptor getServiceDescriptor() {
      return getFileDescriptor().findServiceByName("StateMachineService");
    }
  }

  private static final class StateMachineServiceFileDescriptorSupplier
      extends StateMachineServiceBaseDescriptorSupplier {
    StateMachineServiceFileDescriptorSupplier() {}
  }

  private static final class StateMachineServiceMethodDescriptorSupplier
      extends StateMachineServiceBaseDescriptorSupplier
      implements io.grpc.protobuf.ProtoMethodDescriptorSupplier {
    private final java.lang.String methodName;

    StateMachineServiceMethodDescriptorSupplier(java.lang.String methodName) {
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
      synchronized (StateMachineServiceGrpc.class) {
        result = serviceDescriptor;
        if (result == null) {
          serviceDescriptor = result = io.grpc.ServiceDescriptor.newBuilder(SERVICE_NAME)
              .setSchemaDescriptor(new StateMachineServiceFileDescriptorSupplier())
              .addMethod(getCreateStateMachineMethod())
              .addMethod(getUpdateStateMachineMethod())
              .addMethod(getGetStateMachineMethod())
              .addMethod(getListStateMachinesMethod())
              .addMethod(getDeleteStateMachineMethod())
              .addMethod(getPublishStateMachineVersionMethod())
              .addMethod(getListStateMachineVersionsMethod())
              .addMethod(getDeleteStateMachineVersionMethod())
              .addMethod(getPutStateMachineAliasMethod())
              .addMethod(getListStateMachineAliasesMethod())
              .addMethod(getDeleteStateMachineAliasMethod())
              .addMethod(getValidateDefinitionMethod())
              .addMethod(getTestStateMethod())
              .addMethod(getGetDefinitionGraphMethod())
              .build();
        }
      }
    }
    return result;
  }
}
