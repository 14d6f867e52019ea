package dev.pawl;

import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * A list on the server, fetched page by page as it is read. Each {@link #iterator} and {@link #stream} begins anew.
 */
public final class Pages<T> implements Iterable<T> {
  /** Items of one page, and the token of the next; empty: there is none. */
  record Page<T>(List<T> items, String nextPageToken) {}

  /** Fetches one page. */
  @FunctionalInterface
  interface Fetch<T> {
    Page<T> page(dev.pawl.v1.PageRequest.Builder page);
  }

  private final Fetch<T> fetch;
  private final int pageSize;

  Pages(Fetch<T> fetch) {
    this(fetch, 50);
  }

  private Pages(Fetch<T> fetch, int pageSize) {
    this.fetch = fetch;
    this.pageSize = pageSize;
  }

  /** The same list with so many items in a request, 1 to 1,000; default 50. */
  public Pages<T> pageSize(int pageSize) {
    return new Pages<>(fetch, pageSize);
  }

  @Override
  public Iterator<T> iterator() {
    return new PageIterator();
  }

  /** The items; {@code limit} stops the fetching, too. */
  public Stream<T> stream() {
    return StreamSupport.stream(spliterator(), false);
  }

  private final class PageIterator implements Iterator<T> {
    private Iterator<T> items = List.<T>of().iterator();
    private String token = "";
    private boolean isLast;

    @Override
    public boolean hasNext() {
      while (!items.hasNext() && !isLast) {
        Page<T> page = fetch.page(dev.pawl.v1.PageRequest.newBuilder().setPageSize(pageSize).setPageToken(token));
        items = page.items().iterator();
        token = page.nextPageToken();
        isLast = token.isEmpty();
      }
      return items.hasNext();
    }

    @Override
    public T next() {
      if (!hasNext()) throw new NoSuchElementException();
      return items.next();
    }
  }
}
