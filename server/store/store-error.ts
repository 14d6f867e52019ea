/**
 * The database can not be used: wrong address, wrong password, too old, unsafe, locked, not migrated.
 * The message is one line that says what to do; it never holds a password. The process ends with it.
 */
export class StoreError extends Error {
  override readonly name = "StoreError";
}
