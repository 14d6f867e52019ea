import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import {
  mkdir,
  mkdtemp,
  open,
  readdir,
  realpath,
  rename,
  rmdir,
  stat,
  writeFile,
} from "node:fs/promises";
import { dirname, join, resolve, sep } from "node:path";
import {
  ObjectError,
  type ObjectContent,
  type ObjectStore,
  type ObjectSummary,
} from "./object-store.ts";

/** Buckets that are folders. A key is a path in its bucket's folder and never leads out of it. */
export class FolderBuckets implements ObjectStore {
  readonly #root: string;

  /** @param root the folder that has them. */
  constructor(root: string) {
    this.#root = resolve(root);
  }

  async has(bucket: string): Promise<boolean> {
    if (!bucketName.test(bucket)) return false;
    const found = await stat(join(this.#root, bucket)).catch(() => undefined);
    return found?.isDirectory() ?? false;
  }

  async open(bucket: string, key: string): Promise<ObjectContent> {
    const folder = await realpath(join(this.#root, bucket));
    const path = await realpath(pathIn(folder, key)).catch(() => undefined);
    if (path === undefined) throw new ObjectError(`The specified key does not exist: ${key}`);
    if (!path.startsWith(folder + sep)) throw leadsOut(key);
    const file = await open(path);
    const { size, mtimeMs } = await file.stat();
    return {
      version: `${size}-${mtimeMs}`,
      // The file is the stream's to close.
      chunks: createReadStream(path, { fd: file, autoClose: true }),
    };
  }

  async *list(bucket: string, prefix: string): AsyncGenerator<ObjectSummary> {
    const folder = join(this.#root, bucket);
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    const keys = entries
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => join(parentPath, name).slice(folder.length + 1))
      .map((path) => path.split(sep).join("/"))
      .filter((key) => key.startsWith(prefix));
    for (const key of keys.toSorted()) {
      const { size, mtimeMs } = await stat(join(folder, key));
      const etag = createHash("md5").update(`${size}-${mtimeMs}`).digest("hex");
      yield {
        key,
        etag: `"${etag}"`,
        lastModified: Math.floor(mtimeMs / 1000),
        size,
        storageClass: "STANDARD",
      };
    }
  }

  async put(bucket: string, key: string, body: string): Promise<void> {
    const folder = await realpath(join(this.#root, bucket));
    const path = pathIn(folder, key);
    await mkdir(dirname(path), { recursive: true });
    if (!`${await realpath(dirname(path))}${sep}`.startsWith(folder + sep)) throw leadsOut(key);
    // Seen whole or not at all.
    const aside = await mkdtemp(`${path}.`);
    const draft = join(aside, "draft");
    await writeFile(draft, body);
    await rename(draft, path);
    await rmdir(aside);
  }
}

/** S3's rule, so that no name is a path. */
const bucketName = /^[A-Za-z0-9][A-Za-z0-9._-]{0,254}$/;

function pathIn(folder: string, key: string): string {
  const path = resolve(folder, key);
  if (key.includes("\0") || !path.startsWith(folder + sep)) throw leadsOut(key);
  return path;
}

function leadsOut(key: string): ObjectError {
  return new ObjectError(`The key leads out of the bucket: ${key}`);
}
