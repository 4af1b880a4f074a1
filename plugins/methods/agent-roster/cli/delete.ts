import { join } from "node:path";
import { defineCommand, errorText, GatewayError } from "openclaw/plugin-sdk";
import type { CliContext } from "openclaw/plugin-sdk";
import { agentEntries, agentIdOf } from "../agent-entry.ts";
import { putAside } from "../put-aside.ts";
import { removeAgent } from "../roster-edit.ts";
import { entryOf, notFound, rosterConfig, usage, workspaceOfAgent, writeRoster } from "./roster-file.ts";

interface Removed {
  readonly ok: true;
  readonly agentId: string;
  readonly removedBindings: number;
  readonly archived?: readonly string[];
  readonly kept?: readonly string[];
}

/** `openclaw agents delete <id>`: by the gateway that runs, which ends what the agent is doing; else in the files. */
export default defineCommand({
  options: {
    force: { type: "boolean", alias: "y", describe: "do not ask" },
    "keep-files": { type: "boolean", describe: "leave its workspace and sessions where they are" },
  },
  async run(context) {
    const { args, print, tilde } = context;
    const id = agentIdOf(String(args["id"]));
    if (id === "main") throw usage(`"main" cannot be deleted`, "delete");
    if (args["force"] !== true) throw usage(`deleting agent "${id}" needs --force`, "delete");
    const deleteFiles = args["keep-files"] !== true;
    const isRemote = args["url"] !== undefined || context.target().id !== "local";
    const removed =
      isRemote || context.gateway.running
        ? await asked(context, id, deleteFiles)
        : await inFiles(context, id, deleteFiles);
    const lines = [
      `deleted agent ${id}${removed.removedBindings > 0 ? ` and ${removed.removedBindings} ${removed.removedBindings === 1 ? "binding" : "bindings"}` : ""}`,
      ...(removed.archived ?? []).map((path) => `Put aside: ${tilde(path)}`),
      ...(removed.kept ?? []).map((path) => `Left, because others use it: ${tilde(path)}`),
    ];
    print(removed, lines.join("\n"));
  },
});

async function asked({ connect }: CliContext, agentId: string, deleteFiles: boolean): Promise<Removed> {
  const client = await connect();
  try {
    return await client.request<Removed>("agents.delete", { agentId, deleteFiles });
  } catch (error) {
    throw error instanceof GatewayError && /not found/.test(error.message) ? notFound(agentId) : error;
  } finally {
    await client.close();
  }
}

async function inFiles(context: CliContext, id: string, deleteFiles: boolean): Promise<Removed> {
  const { config, stateDir, note } = context;
  const removal = removeAgent(rosterConfig(context), id);
  if (!entryOf(context, id) || !removal) throw notFound(id);
  const workspace = workspaceOfAgent(context, id);
  const others = agentEntries(config)
    .map((entry) => agentIdOf(entry.id))
    .filter((other) => other !== id)
    .map((other) => workspaceOfAgent(context, other));
  await writeRoster(context, removal.edit);
  const gone: Removed = { ok: true, agentId: id, removedBindings: removal.removedBindings };
  if (!deleteFiles) return gone;
  const unwanted = [
    { path: workspace, keep: [stateDir, ...others] },
    { path: join(stateDir, "agents", id), keep: [] },
  ];
  const aside = await putAside(unwanted, (path, error) => note(`cannot put ${path} aside: ${errorText(error)}`));
  if (aside.archived.length + aside.kept.length === 0) return gone;
  return { ...gone, ...aside };
}
