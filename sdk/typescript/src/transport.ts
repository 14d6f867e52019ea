import type {
  DescMessage,
  DescMethodClientStreaming,
  DescMethodServerStreaming,
  DescMethodUnary,
  MessageShape,
} from "@bufbuild/protobuf";

/** How one call travels: over gRPC in Node, over Connect in browsers. Every failure is a PawlError. */
export interface Transport {
  unary<I extends DescMessage, O extends DescMessage>(
    method: DescMethodUnary<I, O>,
    request: MessageShape<I>,
    call: TransportCall,
  ): Promise<MessageShape<O>>;
  /** Breaking out of the iteration cancels the call. */
  serverStream<I extends DescMessage, O extends DescMessage>(
    method: DescMethodServerStreaming<I, O>,
    request: MessageShape<I>,
    call: TransportCall,
  ): AsyncIterable<MessageShape<O>>;
  /** A client stream of one message. */
  clientStream<I extends DescMessage, O extends DescMessage>(
    method: DescMethodClientStreaming<I, O>,
    request: MessageShape<I>,
    call: TransportCall,
  ): Promise<MessageShape<O>>;
  close(): void;
}

/** What bounds one call on the wire. */
export interface TransportCall {
  /** Absent: no deadline. */
  readonly timeoutMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** What a caller may say about one method call. */
export interface CallOptions {
  /** Bounds the whole call, retries included; default the client's `timeoutMs`. */
  readonly timeoutMs?: number | undefined;
  /** Gives up the call; what the server did already stays done. */
  readonly signal?: AbortSignal | undefined;
}
