import { cpus } from "node:os";
import { canvasFigures } from "./canvas.ts";
import { channelFigures } from "./channels.ts";
import { cliFigures } from "./cli.ts";
import { connectFigures } from "./connect.ts";
import { cronFigures } from "./cron.ts";
import { deliveryFigures, memoryFigures } from "./delivery.ts";
import { deviceFigures } from "./device.ts";
import { fanOutFigures } from "./fan-out.ts";
import { httpFigures } from "./http.ts";
import { print } from "./report.ts";
import type { Figure } from "./report.ts";
import { rpcFigures } from "./rpc.ts";
import { sizeFigures } from "./size.ts";
import { startFigures } from "./start.ts";
import { toggleFigures } from "./toggle.ts";
import { turnFigures } from "./turn.ts";

const GROUPS: Readonly<Record<string, () => Figure[] | Promise<Figure[]>>> = {
  start: startFigures,
  rpc: rpcFigures,
  connect: connectFigures,
  device: deviceFigures,
  "fan-out": fanOutFigures,
  cli: cliFigures,
  toggle: toggleFigures,
  delivery: deliveryFigures,
  memory: memoryFigures,
  turn: turnFigures,
  channels: channelFigures,
  cron: cronFigures,
  http: httpFigures,
  canvas: canvasFigures,
  size: sizeFigures,
};

const asked = process.argv.slice(2);
console.log(
  `${cpus().length} x ${cpus()[0]?.model ?? "unknown"}, Node ${process.versions.node}; medians of interleaved runs`,
);
const figures: Figure[] = [];
for (const [name, measure] of Object.entries(GROUPS)) {
  if (asked.length > 0 && !asked.includes(name)) continue;
  process.stderr.write(`measuring ${name} …\n`);
  figures.push(...(await measure()));
}
print(figures);
