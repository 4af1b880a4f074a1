import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { virtualModules } from "../../../kernel/virtual-modules.ts";
import type { ChannelKit } from "./contract.ts";

const FILE_NAMES = ["channel.kit.ts", "channel.kit.mts", "channel.kit.js", "channel.kit.mjs"];

/** The kit file of the plugin in a folder. It gets the SDK of this process, as plugins do. */
export async function loadChannelKit(folder: string): Promise<ChannelKit> {
  const file = FILE_NAMES.map((name) => join(resolve(folder), name)).find((path) => existsSync(path));
  if (file === undefined) {
    throw new Error(`${folder} has no channel.kit.ts, which says how the network of its channel is played`);
  }
  const { createJiti } = await import("jiti");
  const jiti = createJiti(file, {
    moduleCache: false,
    fsCache: false,
    interopDefault: true,
    virtualModules: await virtualModules(file),
  });
  const { default: kit } = await jiti.import<{ readonly default?: Partial<ChannelKit> }>(file);
  if (typeof kit?.channel === "string" && typeof kit.start === "function") return kit as ChannelKit;
  throw new Error(`${file}: the default export is no channel kit; make it with defineChannelKit`);
}
