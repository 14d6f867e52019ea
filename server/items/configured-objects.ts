import type { Config } from "../config.ts";
import { FolderBuckets } from "./folder-buckets.ts";
import { ObjectError, type ObjectStore } from "./object-store.ts";
import { s3Buckets } from "./s3-buckets.ts";

export type ObjectsConfig = Pick<
  Config,
  "bucketsDir" | "s3Endpoint" | "s3Region" | "s3AccessKeyId" | "s3SecretAccessKey" | "isS3PathStyle"
>;

/**
 * The buckets of the configuration: a folder in PAWL_BUCKETS_DIR is a bucket of its name, all others are
 * in S3 if that is set up. Pawl speaks to no network that was not configured.
 */
export function configuredObjects(config: ObjectsConfig): ObjectStore {
  const { bucketsDir } = config;
  const folders = bucketsDir === undefined ? undefined : new FolderBuckets(bucketsDir);
  const s3 = s3Buckets(config);
  const storeOf = async (bucket: string): Promise<ObjectStore> => {
    if (folders !== undefined && (await folders.has(bucket))) return folders;
    if (s3 !== undefined) return s3;
    throw new ObjectError(
      `no bucket ${bucket}: set PAWL_BUCKETS_DIR to a folder that has one, or PAWL_S3_REGION or PAWL_S3_ENDPOINT`,
    );
  };
  return {
    open: async (bucket, key) => (await storeOf(bucket)).open(bucket, key),
    list: async function* (bucket, prefix) {
      yield* (await storeOf(bucket)).list(bucket, prefix);
    },
    put: async (bucket, key, body) => (await storeOf(bucket)).put(bucket, key, body),
  };
}
