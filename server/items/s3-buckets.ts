import {
  GetObjectCommand,
  paginateListObjectsV2,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import type { ObjectsConfig } from "./configured-objects.ts";
import {
  ObjectError,
  type ObjectContent,
  type ObjectStore,
  type ObjectSummary,
} from "./object-store.ts";

/** S3 or what speaks its protocol; undefined when neither region nor endpoint is configured. */
export function s3Buckets(config: ObjectsConfig): ObjectStore | undefined {
  const { s3Endpoint, s3Region, s3AccessKeyId, s3SecretAccessKey, isS3PathStyle } = config;
  if (s3Endpoint === undefined && s3Region === undefined) return undefined;
  const client = new S3Client({
    region: s3Region ?? "us-east-1",
    forcePathStyle: isS3PathStyle,
    // Not every compatible store knows the checksums that AWS adds of late.
    requestChecksumCalculation: "WHEN_REQUIRED",
    responseChecksumValidation: "WHEN_REQUIRED",
    ...(s3Endpoint !== undefined && { endpoint: s3Endpoint }),
    ...(s3AccessKeyId !== undefined &&
      s3SecretAccessKey !== undefined && {
        credentials: { accessKeyId: s3AccessKeyId, secretAccessKey: s3SecretAccessKey },
      }),
  });
  return new S3Buckets(client);
}

class S3Buckets implements ObjectStore {
  readonly #client: S3Client;

  constructor(client: S3Client) {
    this.#client = client;
  }

  async open(bucket: string, key: string): Promise<ObjectContent> {
    const command = new GetObjectCommand({ Bucket: bucket, Key: key });
    const { Body, ETag, ContentLength } = await asked(() => this.#client.send(command));
    if (Body === undefined) throw new ObjectError(`the object ${key} has no content`);
    return {
      version: ETag ?? String(ContentLength),
      chunks: Body as unknown as AsyncIterable<Uint8Array>,
    };
  }

  async *list(bucket: string, prefix: string): AsyncGenerator<ObjectSummary> {
    const pages = paginateListObjectsV2(
      { client: this.#client },
      { Bucket: bucket, Prefix: prefix },
    );
    for (;;) {
      const { value: page, done } = await asked(() => pages.next());
      if (done === true) return;
      for (const { Key, ETag, LastModified, Size, StorageClass } of page.Contents ?? [])
        yield {
          key: Key ?? "",
          etag: ETag ?? "",
          lastModified: Math.floor((LastModified?.getTime() ?? 0) / 1000),
          size: Size ?? 0,
          storageClass: StorageClass ?? "STANDARD",
        };
    }
  }

  async put(bucket: string, key: string, body: string): Promise<void> {
    const command = new PutObjectCommand({
      Bucket: bucket,
      Key: key,
      Body: body,
      ContentType: "application/json",
    });
    await asked(() => this.#client.send(command));
  }
}

/** What the store or the network refuses is an ObjectError in its own words. */
async function asked<Result>(request: () => Promise<Result>): Promise<Result> {
  try {
    return await request();
  } catch (error) {
    throw new ObjectError(
      error instanceof Error && error.message !== "" ? error.message : String(error),
    );
  }
}
