package dev.pawl;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.pawl.v1.AddBatchItemsRequest;
import dev.pawl.v1.BatchServiceGrpc;
import dev.pawl.v1.CancelBatchRequest;
import dev.pawl.v1.CreateBatchRequest;
import dev.pawl.v1.GetBatchRequest;
import dev.pawl.v1.InlineItems;
import dev.pawl.v1.ListBatchItemsRequest;
import dev.pawl.v1.ListBatchItemsResponse;
import dev.pawl.v1.ListBatchesRequest;
import dev.pawl.v1.ListBatchesResponse;
import dev.pawl.v1.PauseBatchRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/** The part of a {@link Client} that starts, stops and redrives many executions as one batch. */
public abstract class BatchClient extends RecordsClient {
  /** Items that one call takes. */
  private static final int CHUNK_ITEMS_MAX = 1_000;

  /** Characters of them, about: a message may have 4 MiB. */
  private static final int CHUNK_CHARS_MAX = 1024 * 1024;

  BatchClient(Connection connection, ObjectMapper mapper, Duration timeout) {
    super(connection, mapper, timeout);
  }

  /**
   * Creates a batch and sends its items. Once it returns all of them are kept, and the batch runs on whatever becomes
   * of this process. Repeats itself safely.
   *
   * @throws PawlError FAILED_PRECONDITION while another batch of this name is open
   */
  public Batch createBatch(BatchInput input) {
    Iterator<String> items = input.items(mapper);
    if (items == null) return Batch.of(create(input.request(mapper)));
    Chunks chunks = new Chunks(items);
    List<String> first = chunks.next();
    if (!chunks.hasNext()) return Batch.of(create(input.request(mapper).setInline(inline(first))));
    String batch = create(input.request(mapper)).getId();
    return add(batch, add(batch, 0, first), chunks, true);
  }

  /** What {@link #createBatch} would do, without doing it: the batch has no id, its counts say how many items. */
  public Batch countBatch(BatchInput input) {
    Iterator<String> items = input.items(mapper);
    if (items == null) return Batch.of(create(input.request(mapper).setDryRun(true)));
    Chunks chunks = new Chunks(items);
    long total = 0;
    dev.pawl.v1.Batch tried;
    do {
      List<String> values = chunks.next();
      tried = create(input.request(mapper).setInline(inline(values)).setDryRun(true));
      total += values.size();
    } while (chunks.hasNext());
    return Batch.of(tried.toBuilder()
        .setCounts(tried.getCounts().toBuilder().setTotal(total).setPending(total))
        .build());
  }

  /**
   * Adds inputs to a batch that is LOADING; what it has already stays.
   *
   * @param firstIndex of the first of them; 0 at the beginning
   * @param isLast none follow: the batch runs
   */
  public Batch addBatchItems(String batch, long firstIndex, Iterable<?> inputs, boolean isLast) {
    return add(batch, firstIndex, new Chunks(Json.texts(mapper, inputs)), isLast);
  }

  /** A batch as it is now. */
  public Batch getBatch(String batch) {
    GetBatchRequest request = GetBatchRequest.newBuilder().setBatch(batch).build();
    return Batch.of(call(BatchServiceGrpc.getGetBatchMethod(), request).getBatch());
  }

  /** Newest first. */
  public Pages<Batch> listBatches(BatchFilter filter) {
    return new Pages<>(page -> {
      ListBatchesResponse response = call(
          BatchServiceGrpc.getListBatchesMethod(),
          ListBatchesRequest.newBuilder().setPage(page.setFilter(filter.text())).build());
      return pageOf(response.getBatchesList(), Batch::of, response.getPage());
    });
  }

  /** In the order of their index, without outputs. */
  public Pages<BatchItem> listBatchItems(String batch) {
    return listBatchItems(batch, PayloadView.NONE);
  }

  /** In the order of their index. */
  public Pages<BatchItem> listBatchItems(String batch, PayloadView payloads) {
    return listBatchItems(batch, payloads, new Filters());
  }

  /** Those that stand there, in the order of their index. */
  public Pages<BatchItem> listBatchItems(String batch, PayloadView payloads, BatchItem.Status status) {
    return listBatchItems(batch, payloads, new Filters().status("status", status));
  }

  private Pages<BatchItem> listBatchItems(String batch, PayloadView payloads, Filters filter) {
    return new Pages<>(page -> {
      ListBatchItemsResponse response = call(
          BatchServiceGrpc.getListBatchItemsMethod(),
          ListBatchItemsRequest.newBuilder()
              .setBatch(batch)
              .setPage(page.setFilter(filter.text()))
              .setPayloadView(payloads.message())
              .build());
      return pageOf(response.getItemsList(), item -> BatchItem.of(item, mapper), response.getPage());
    });
  }

  /** Progress, and items if asked for, until the batch has ended; resumes by itself. */
  public Watch<BatchUpdate> watchBatch(String batch, WatchBatchOptions options) {
    return BatchCursor.watch(connection, batch, options, mapper);
  }

  /** Progress until the batch has ended; resumes by itself. */
  public Watch<BatchUpdate> watchBatch(String batch) {
    return watchBatch(batch, new WatchBatchOptions());
  }

  /** Nothing new begins; what has begun goes on. */
  public Batch pauseBatch(String batch, OperatorAction action) {
    PauseBatchRequest request = PauseBatchRequest.newBuilder()
        .setBatch(batch)
        .setOperator(action.operator())
        .setReason(action.reason())
        .build();
    return Batch.of(call(BatchServiceGrpc.getPauseBatchMethod(), request).getBatch());
  }

  /** Goes on after a pause. */
  public Batch resumeBatch(String batch, OperatorAction action) {
    return resumeBatch(batch, action, new ResumeBatchOptions());
  }

  /** As {@link #resumeBatch(String, OperatorAction)}, but judged otherwise from now on. */
  public Batch resumeBatch(String batch, OperatorAction action, ResumeBatchOptions options) {
    return Batch.of(call(BatchServiceGrpc.getResumeBatchMethod(), options.message(batch, action)).getBatch());
  }

  /**
   * Nothing new begins, for good.
   *
   * @param stopStarted what the batch has started and still runs is stopped, too
   */
  public Batch cancelBatch(String batch, OperatorAction action, boolean stopStarted) {
    CancelBatchRequest request = CancelBatchRequest.newBuilder()
        .setBatch(batch)
        .setOperator(action.operator())
        .setReason(action.reason())
        .setStopStarted(stopStarted)
        .build();
    return Batch.of(call(BatchServiceGrpc.getCancelBatchMethod(), request).getBatch());
  }

  private dev.pawl.v1.Batch create(CreateBatchRequest.Builder request) {
    return call(BatchServiceGrpc.getCreateBatchMethod(), request.build()).getBatch();
  }

  private static InlineItems inline(List<String> values) {
    return InlineItems.newBuilder().addAllValues(values).build();
  }

  private Batch add(String batch, long firstIndex, Chunks chunks, boolean isLast) {
    long index = firstIndex;
    while (chunks.hasNext()) index = add(batch, index, chunks.next());
    AddBatchItemsRequest end =
        AddBatchItemsRequest.newBuilder().setBatch(batch).setFirstIndex(index).setLast(isLast).build();
    return Batch.of(call(BatchServiceGrpc.getAddBatchItemsMethod(), end).getBatch());
  }

  /** The index after them. */
  private long add(String batch, long firstIndex, List<String> values) {
    AddBatchItemsRequest request =
        AddBatchItemsRequest.newBuilder().setBatch(batch).setFirstIndex(firstIndex).addAllValues(values).build();
    call(BatchServiceGrpc.getAddBatchItemsMethod(), request);
    return firstIndex + values.size();
  }

  /** Texts, as many at a time as one message takes. */
  private static final class Chunks implements Iterator<List<String>> {
    private final Iterator<String> texts;
    private String left = "";

    Chunks(Iterator<String> texts) {
      this.texts = texts;
    }

    @Override
    public boolean hasNext() {
      return !left.isEmpty() || texts.hasNext();
    }

    /** Empty when there is none. */
    @Override
    public List<String> next() {
      List<String> chunk = new ArrayList<>();
      int chars = 0;
      while (hasNext() && chunk.size() < CHUNK_ITEMS_MAX) {
        String text = left.isEmpty() ? texts.next() : left;
        left = text;
        if (!chunk.isEmpty() && chars + text.length() > CHUNK_CHARS_MAX) break;
        left = "";
        chunk.add(text);
        chars += text.length();
      }
      return chunk;
    }
  }
}
