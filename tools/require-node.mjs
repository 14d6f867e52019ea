// Stops with one clear line where Node.js is too old to run TypeScript and this code.
// Imported first by every script's entry point; must itself run on any Node.js that knows modules.

const needed = 24;
const version = process.versions.node;

if (Number(version.split(".")[0]) < needed) {
  console.error(
    `pawl needs Node.js ${needed} or newer, this is ${version}; ` +
      "in the repository use `npm run` or `npx`, which find the Node.js that `npm ci` installed",
  );
  process.exit(1);
}
