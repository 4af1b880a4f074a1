// A reporter of `npm test`, beside the one that people read: a file that runs no test or whose report is cut short fails the
// run, however it came about. How many tests it ran is the last thing that a file reports.
import { relative, resolve } from "node:path";
import type { TestEvent } from "node:test/reporters";

export default async function* wholeReports(events: AsyncIterable<TestEvent>): AsyncGenerator<string, void> {
  const files = new Set<string>();
  const whole = new Set<string>();
  const leftOpen: string[] = [];
  for await (const { type, data } of events)
    if (type === "test:enqueue" && resolve(data.name) === data.file) files.add(data.file);
    else if (type === "test:summary" && data.file !== undefined && data.counts.tests > 0) whole.add(data.file);
    else if (type === "test:diagnostic" && data.message.startsWith("left open: "))
      leftOpen.push(`${relative("", data.file ?? "")} ${data.message}`);

  yield `ℹ files ${files.size}\n`;
  for (const line of leftOpen) yield `⚠ ${line}\n`;
  for (const file of files) {
    if (whole.has(file)) continue;
    yield `✖ ${relative("", file)} ran no test, or ended before it had reported all of them\n`;
    process.exitCode = 1;
  }
}
