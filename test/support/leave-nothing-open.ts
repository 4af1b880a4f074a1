// Preloaded by `npm test`: a test file that leaves a timer or a socket open would hold the run for ever. Two seconds after
// its last test it is ended, with its report delivered whole and a line in it that says what was left. (Node's own
// `--test-force-exit` does not wait until the runner has been sent everything: tests would be missing from the total.)
import { after } from "node:test";
import type { TestContext } from "node:test";
import { pathToFileURL } from "node:url";

const graceMs = 2_000;
const { setTimeout } = globalThis; // before a test puts a clock of its own in its place
const [, file = ""] = process.argv;
const atStart = process.getActiveResourcesInfo(); // the pipes to the runner

// Neither the runner nor what a test starts is a test file.
if (process.env["NODE_TEST_CONTEXT"] !== undefined && file.endsWith(".test.ts"))
  after((context) => {
    const root = context as TestContext; // the file is no suite
    const endSoon = () => setTimeout(end, graceMs, root).unref();
    // All tests so far are over; a file that awaits something between two of them may have more.
    void import(pathToFileURL(file).href).then(endSoon);
  });

/** Ends the process in the way in which it would have ended by itself, its report included. */
function end(root: TestContext): void {
  root.diagnostic(`left open: ${leftOpen().join(", ")}`);
  process.stdout.once("unpipe", () => process.stdout.write("", () => process.exit()));
  process.emit("beforeExit", 0);
}

function leftOpen(): string[] {
  const kinds = process.getActiveResourcesInfo();
  for (const kind of atStart) if (kinds.includes(kind)) kinds.splice(kinds.indexOf(kind), 1);
  return [...new Set(kinds)].sort();
}
