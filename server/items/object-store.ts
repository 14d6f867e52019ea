/** Buckets with objects: where an ItemReader reads and a ResultWriter writes. */
export interface ObjectStore {
  /** @throws ObjectError */
  open(bucket: string, key: string): Promise<ObjectContent>;
  /** In the order of their keys. @throws ObjectError */
  list(bucket: string, prefix: string): AsyncIterable<ObjectSummary>;
  /** @throws ObjectError */
  put(bucket: string, key: string, body: string): Promise<void>;
}

export interface ObjectContent {
  /** Differs when the content does: an ETag, or size and time of change. */
  readonly version: string;
  readonly chunks: AsyncIterable<Uint8Array>;
}

/** An object as ListObjectsV2 shows it. */
export interface ObjectSummary {
  readonly key: string;
  readonly etag: string;
  /** Seconds since the epoch. */
  readonly lastModified: number;
  readonly size: number;
  readonly storageClass: string;
}

/** The store refuses, or has no such bucket or object. The message goes into the cause. */
export class ObjectError extends Error {
  override readonly name = "ObjectError";
}
