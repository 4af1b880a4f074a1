import type { CliOption } from "openclaw/plugin-sdk";

/** The flag that says which node is meant. */
export const NODE_OPTION: Readonly<Record<"node", CliOption>> = {
  node: { type: "string", alias: "n", describe: "id, beginning of the id, name or address of the node" },
};
