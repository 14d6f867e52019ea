/** Asks again and again, one at a time, and prints a JSON line with how long the answers took. */
export async function answerTime(
  what: string,
  rounds: number,
  ask: (round: number) => Promise<unknown>,
): Promise<void> {
  const took: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const began = performance.now();
    await ask(round);
    took.push(performance.now() - began);
  }
  took.sort((a, b) => a - b);
  const at = (share: number): number => took[Math.ceil(took.length * share) - 1]!;
  const note = `p95 ${at(0.95).toFixed(1)} ms`;
  process.stdout.write(`${JSON.stringify({ what, p50Ms: at(0.5), note })}\n`);
}
