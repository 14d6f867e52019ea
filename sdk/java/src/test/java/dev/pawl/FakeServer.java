package dev.pawl;

import dev.pawl.v1.Hello;
import dev.pawl.v1.Welcome;
import dev.pawl.v1.WorkRequest;
import dev.pawl.v1.WorkResponse;
import dev.pawl.v1.WorkerServiceGrpc;
import io.grpc.BindableService;
import io.grpc.Server;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;

/** Speaks the real protocol over a real socket, and does exactly what a test says. */
final class FakeServer implements AutoCloseable {
  /** Answers Hello; null: no answer. */
  volatile BiFunction<Hello, FakeSession, Welcome.Builder> welcome = (hello, session) -> Welcome.newBuilder();
  private final BindableService[] services;
  private final List<FakeSession> sessions = new ArrayList<>();
  private int port;
  private Server server;

  FakeServer(BindableService... services) {
    this.services = services;
    listen();
  }

  String address() {
    return "127.0.0.1:" + port;
  }

  /** Listens on the port it had before, if it had one. */
  void listen() {
    NettyServerBuilder builder =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    for (BindableService service : services) builder.addService(service);
    try {
      server = builder.addService(new Work()).build().start();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    port = server.getPort();
  }

  /** As a crash looks from outside: every connection is gone. */
  void crash() throws InterruptedException {
    server.shutdownNow().awaitTermination(10, TimeUnit.SECONDS);
  }

  /** The n-th session (from 0), when the worker has said hello on it. */
  FakeSession session(int index) throws InterruptedException {
    FakeSession session;
    synchronized (sessions) {
      while (sessions.size() <= index) sessions.wait(20_000);
      session = sessions.get(index);
    }
    session.until(s -> s.hello != null);
    return session;
  }

  int sessionCount() {
    synchronized (sessions) {
      return sessions.size();
    }
  }

  @Override
  public void close() {
    server.shutdownNow();
  }

  private final class Work extends WorkerServiceGrpc.WorkerServiceImplBase {
    @Override
    public StreamObserver<WorkRequest> work(StreamObserver<WorkResponse> responses) {
      FakeSession session = new FakeSession(FakeServer.this, responses);
      synchronized (sessions) {
        sessions.add(session);
        sessions.notifyAll();
      }
      return session;
    }
  }
}
