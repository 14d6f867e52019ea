/** Says that nothing has come for the given time. */
export const silence = Symbol("silence");

/**
 * Passes an iterable on and puts a {@link silence} wherever its next item takes longer than `ms`. One
 * timer for the whole stream, none per item; the source is left when this is left.
 */
export async function* withSilences<Item>(
  source: AsyncIterable<Item>,
  ms: number,
): AsyncGenerator<Item | typeof silence> {
  const items = source[Symbol.asyncIterator]();
  let wake: (() => void) | undefined;
  let isSilent = false;
  const timer = setTimeout(() => {
    isSilent = true;
    wake?.();
  }, ms);
  try {
    for (;;) {
      const arrived: { next?: IteratorResult<Item>; failure?: { error: unknown } } = {};
      items.next().then(
        (next) => {
          arrived.next = next;
          wake?.();
        },
        (error: unknown) => {
          arrived.failure = { error };
          wake?.();
        },
      );
      while (arrived.next === undefined && arrived.failure === undefined) {
        if (isSilent) {
          isSilent = false;
          timer.refresh();
          yield silence;
        } else {
          await new Promise<void>((resolve) => (wake = resolve));
          wake = undefined;
        }
      }
      if (arrived.failure !== undefined) throw arrived.failure.error;
      if (arrived.next === undefined || arrived.next.done === true) return;
      isSilent = false;
      timer.refresh();
      yield arrived.next.value;
    }
  } finally {
    clearTimeout(timer);
    void Promise.resolve(items.return?.()).catch(() => undefined);
  }
}
