import { spawnSync } from "node:child_process";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { median } from "./report.ts";
import type { Figure } from "./report.ts";
import { ROOT, startFloor, startGateway, TOKEN } from "./server.ts";

const ROUNDS = 9;
const here = dirname(fileURLToPath(import.meta.url));

/** Whole processes, interleaved with the least process that could do the same. */
export async function cliFigures(): Promise<Figure[]> {
  const gateway = await startGateway();
  const floor = await startFloor();
  const launcher = join(ROOT, "openclaw.mjs");
  const home = gateway.home as string;
  try {
    const cases = [
      { name: "openclaw --version", args: [launcher, "--version"], floor: ["-e", "0"], goal: 1.5 },
      { name: "openclaw --help", args: [launcher, "--help"], floor: ["-e", "0"], goal: 4 },
      {
        name: "openclaw gateway call health",
        args: [launcher, "gateway", "call", "health"],
        floor: [join(here, "floor-client.mjs"), gateway.url, TOKEN],
        goal: 4,
      },
    ];
    return cases.map(({ name, args, floor: least, goal }) => {
      const ours: number[] = [];
      const bare: number[] = [];
      for (let round = 0; round <= ROUNDS; round++) {
        const [mine, theirs] = [run(args, home), run(least, home)];
        if (round > 0) ours.push(mine);
        if (round > 0) bare.push(theirs);
      }
      return { name, ours: median(ours), floor: median(bare), unit: "ms", goal: { ratio: goal } };
    });
  } finally {
    await gateway.stop();
    await floor.stop();
  }
}

function run(args: readonly string[], home: string): number {
  const startedAt = performance.now();
  const { status, stderr } = spawnSync(process.execPath, [...args], {
    cwd: ROOT,
    env: { PATH: process.env["PATH"], HOME: home },
  });
  if (status !== 0) throw new Error(`${args.join(" ")} ended with ${status}: ${String(stderr)}`);
  return performance.now() - startedAt;
}
