/** One page of a list. */
export interface Page<Item> {
  readonly items: readonly Item[];
  /** Empty on the last page. */
  readonly nextPageToken: string;
}

/** What every list takes. */
export interface ListOptions {
  /** Items per request, 1 to 1,000; default 50. */
  readonly pageSize?: number;
  /** Stop after so many items; default all. */
  readonly limit?: number;
  readonly signal?: AbortSignal;
}

/** All items, page after page, each page fetched when the one before has been consumed. */
export async function* itemsOf<Item>(
  fetchPage: (page: { pageSize: number; pageToken: string }) => Promise<Page<Item>>,
  { pageSize = 50, limit = Infinity }: ListOptions,
): AsyncGenerator<Item, void, undefined> {
  let left = limit;
  let pageToken = "";
  while (left > 0) {
    const { items, nextPageToken } = await fetchPage({
      pageSize: Math.min(pageSize, left),
      pageToken,
    });
    for (const item of items.slice(0, left)) yield item;
    left -= items.length;
    if (nextPageToken === "") return;
    pageToken = nextPageToken;
  }
}
