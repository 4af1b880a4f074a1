import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, writeFileSync } from "node:fs";
import { Agent, get } from "node:http";
import type { IncomingMessage } from "node:http";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { RawClient } from "./load.ts";
import { median } from "./report.ts";
import type { Figure } from "./report.ts";
import { freshHome, removeHome, startGateway } from "./server.ts";

const here = dirname(fileURLToPath(import.meta.url));
const ROUNDS = 5;
const REQUESTS = 3_000;
const IN_FLIGHT = 16;
const FILE_BYTES = 10_240;

/** Time per request of one static file, beside a bare `node:http` file server. */
export async function canvasFigures(): Promise<Figure[]> {
  const home = freshHome();
  const root = join(home, ".openclaw", "workspace", "canvas");
  mkdirSync(root, { recursive: true });
  writeFileSync(join(root, "style.css"), "x".repeat(FILE_BYTES));
  const gateway = await startGateway({}, home);
  const bare = spawn(process.execPath, [join(here, "floor-files.mjs"), root], {
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  try {
    const [{ port }] = (await once(bare, "message")) as [{ port: number }];
    const client = await RawClient.connect(gateway.url);
    client.close();
    const own = `http://127.0.0.1:${new URL(gateway.url).port}/__openclaw__/canvas/style.css`;
    const floor = `http://127.0.0.1:${port}/style.css`;
    await drive(own, REQUESTS);
    await drive(floor, REQUESTS);
    const [ours, floors]: [number[], number[]] = [[], []];
    for (let round = 0; round < ROUNDS; round++) {
      ours.push(await drive(own, REQUESTS));
      floors.push(await drive(floor, REQUESTS));
    }
    return [
      {
        name: `canvas: a file of ${FILE_BYTES} bytes, ${IN_FLIGHT} at a time`,
        ours: median(ours),
        floor: median(floors),
        unit: "us",
        goal: { ratio: 2 },
      },
    ];
  } finally {
    bare.kill();
    await gateway.stop();
    removeHome(home);
  }
}

/** Microseconds per request. */
async function drive(url: string, requests: number): Promise<number> {
  const agent = new Agent({ keepAlive: true, maxSockets: IN_FLIGHT });
  let left = requests;
  const startedAt = performance.now();
  await Promise.all(
    Array.from({ length: IN_FLIGHT }, async () => {
      while (left-- > 0) {
        const [response] = (await once(get(url, { agent }), "response")) as [IncomingMessage];
        let bytes = 0;
        for await (const part of response) bytes += (part as Buffer).length;
        if (response.statusCode !== 200 || bytes !== FILE_BYTES)
          throw new Error(`${url} answered ${response.statusCode} with ${bytes} bytes`);
      }
    }),
  );
  agent.destroy();
  return ((performance.now() - startedAt) * 1_000) / requests;
}
