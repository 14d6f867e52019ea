import { Io } from "./io.ts";
import { runCli } from "./run-cli.ts";

const io = new Io();

// A reader that has gone (`pawl list | head -1`) is no failure, but a reason to stop, unless we serve others.
io.streams.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE" && !io.isServing) process.exit(0);
});

const code = await runCli(process.argv.slice(2), io);
// What a worker module left open does not keep a finished command from ending.
process.stdout.write("", () => process.exit(code));
