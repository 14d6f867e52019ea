package dev.pawl;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import io.grpc.BindableService;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.MethodDescriptor.PrototypeMarshaller;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServiceDescriptor;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** Answers every call of a service that has one response, and keeps what was asked. */
final class RecordedCalls {
  /** In the order of their arrival, without their request ids, which are random. */
  final List<Message> requests = new CopyOnWriteArrayList<>();

  /** By the type of the request; without one the answer is empty. */
  final Map<Class<?>, Message> answers = new ConcurrentHashMap<>();

  BindableService service(ServiceDescriptor service) {
    return () -> {
      ServerServiceDefinition.Builder calls = ServerServiceDefinition.builder(service.getName());
      for (MethodDescriptor<?, ?> method : service.getMethods()) {
        MethodType type = method.getType();
        if (type == MethodType.UNARY || type == MethodType.CLIENT_STREAMING) add(calls, method);
      }
      return calls.build();
    };
  }

  @SuppressWarnings("unchecked")
  private void add(ServerServiceDefinition.Builder calls, MethodDescriptor<?, ?> generated) {
    MethodDescriptor<Message, Message> method = (MethodDescriptor<Message, Message>) generated;
    Message empty = ((PrototypeMarshaller<Message>) method.getResponseMarshaller()).getMessagePrototype();
    calls.addMethod(method, ServerCalls.asyncClientStreamingCall(responses -> new Call(empty, responses)));
  }

  /** One request, or a stream of them. */
  private final class Call implements StreamObserver<Message> {
    private final StreamObserver<Message> responses;
    private Message response;

    Call(Message empty, StreamObserver<Message> responses) {
      this.response = empty;
      this.responses = responses;
    }

    @Override
    public void onNext(Message request) {
      requests.add(withoutId(request));
      response = answers.getOrDefault(request.getClass(), response);
    }

    @Override
    public void onError(Throwable thrown) {}

    @Override
    public void onCompleted() {
      responses.onNext(response);
      responses.onCompleted();
    }
  }

  private static Message withoutId(Message request) {
    FieldDescriptor id = request.getDescriptorForType().findFieldByName("request_id");
    return id == null ? request : request.toBuilder().clearField(id).build();
  }
}
