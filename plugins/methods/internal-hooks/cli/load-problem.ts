import { createRequire } from "node:module";
import { Worker } from "node:worker_threads";

const LIMIT_MS = 10_000;
const CODE = `
const { parentPort, workerData } = require("node:worker_threads");
const { createJiti } = require(workerData.jiti);
createJiti(workerData.path, { moduleCache: false, fsCache: false }).import(workerData.path, { default: true }).then(
  (found) => parentPort.postMessage(typeof found === "function" ? "" : "its handler exports no function as default"),
  (error) => parentPort.postMessage(String(error)),
);`;

/**
 * Why the code of a script that may run cannot be loaded; nothing when it can. On a thread of its own, which takes with
 * it whatever the code starts.
 */
export async function loadProblem(path: string): Promise<string | undefined> {
  const jiti = createRequire(import.meta.url).resolve("jiti");
  const worker = new Worker(CODE, { eval: true, stdout: true, workerData: { jiti, path } });
  const told = Promise.withResolvers<string>();
  worker.once("message", told.resolve);
  worker.once("error", (error) => told.resolve(String(error)));
  worker.once("exit", () => told.resolve("its code ends the process"));
  const timer = setTimeout(() => told.resolve(`its code was not loaded within ${LIMIT_MS / 1_000} s`), LIMIT_MS);
  try {
    const problem = await told.promise;
    return problem === "" ? undefined : `cannot be loaded: ${problem.replaceAll(/\s+/g, " ")}`;
  } finally {
    clearTimeout(timer);
    await worker.terminate();
  }
}
