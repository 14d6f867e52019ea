/** Lets everything run that is waiting for its turn in this process. */
export async function nextTick(): Promise<void> {
  await new Promise<void>((resolve) => {
    setImmediate(resolve);
  });
}
