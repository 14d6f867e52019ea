package dev.pawl;

import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.function.Supplier;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * What happens, in order and each thing once, until it is over. Goes on by itself over broken connections.
 *
 * <pre>{@code
 * try (Watch<ExecutionUpdate> watch = client.watchExecution(id)) {
 *   for (ExecutionUpdate update : watch) System.out.println(update);
 * }
 * }</pre>
 *
 * <p>For one thread, except {@link #close}, which any thread may call: the watching one then gets a
 * {@link PawlError} CANCELLED, as it does when it is interrupted.
 */
public final class Watch<T> implements Iterable<T>, AutoCloseable {
  private final Iterator<T> iterator;
  private final Runnable onClose;

  /** @param source gives null after the last one */
  Watch(Supplier<@Nullable T> source, Runnable onClose) {
    this.iterator = new Sequence<>(source);
    this.onClose = onClose;
  }

  /** Always the same one: what was taken from it does not come again. */
  @Override
  public Iterator<T> iterator() {
    return iterator;
  }

  /** What is still to come, as a stream whose close is this one's. */
  public Stream<T> stream() {
    return StreamSupport.stream(Spliterators.spliteratorUnknownSize(iterator, Spliterator.ORDERED), false)
        .onClose(this::close);
  }

  /** Ends the watch; once it is over there is nothing to do. */
  @Override
  public void close() {
    onClose.run();
  }

  /** An iterator over what a source gives until it gives null. */
  private static final class Sequence<T> implements Iterator<T> {
    private final Supplier<@Nullable T> source;
    private @Nullable T next;
    private boolean isOver;

    Sequence(Supplier<@Nullable T> source) {
      this.source = source;
    }

    @Override
    public boolean hasNext() {
      if (next == null && !isOver) {
        next = source.get();
        isOver = next == null;
      }
      return next != null;
    }

    @Override
    public T next() {
      if (!hasNext()) throw new NoSuchElementException();
      T taken = next;
      next = null;
      return taken;
    }
  }
}
