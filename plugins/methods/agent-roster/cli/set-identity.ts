import { readFileSync } from "node:fs";
import { join } from "node:path";
import { CliError, defineCommand, errorText } from "openclaw/plugin-sdk";
import type { CliContext } from "openclaw/plugin-sdk";
import { absolute } from "openclaw/plugin-sdk/config";
import { parseIdentity, readIdentity } from "openclaw/plugin-sdk/workspace";
import type { Identity } from "openclaw/plugin-sdk/workspace";
import { agentEntries, agentIdOf, defaultEntry } from "../agent-entry.ts";
import { changeAgent } from "../roster-edit.ts";
import { notFound, rosterConfig, usage, workspaceOfAgent, writeRoster } from "./roster-file.ts";

const FIELDS = ["name", "theme", "emoji", "avatar"] as const;

/** `openclaw agents set-identity [id]`: from flags, or from what the agent wrote of itself (state.md §9). */
export default defineCommand({
  local: true,
  options: {
    agent: { type: "string", describe: "id of the agent; by default the default agent" },
    name: { type: "string", describe: "what it is called" },
    theme: { type: "string", describe: "what kind of being it is" },
    emoji: { type: "string", describe: "its emoji" },
    avatar: { type: "string", describe: "an address, or a picture in its workspace" },
    "from-identity": { type: "boolean", describe: "take what its IDENTITY.md says" },
    "identity-file": { type: "string", describe: "take what this file says" },
  },
  async run(context) {
    const { args, config, print } = context;
    const given = (args["id"] ?? args["agent"]) as string | undefined;
    const id = agentIdOf(given ?? defaultEntry(agentEntries(config))?.id ?? "main");
    const read = fileIdentity(context, id);
    const identity = Object.fromEntries(
      FIELDS.flatMap((field) => {
        const value = (args[field] as string | undefined) ?? read[field];
        return value === undefined ? [] : [[field, value]];
      }),
    );
    if (Object.keys(identity).length === 0) {
      const file = fileOf(context, id);
      if (file !== undefined)
        throw usage(`${context.tilde(file)} says nothing: it needs lines such as "Name: …"`, "set-identity");
      throw usage("say what to set: --name, --theme, --emoji, --avatar or --from-identity", "set-identity");
    }
    const fields = Object.fromEntries(Object.entries(identity).map(([field, value]) => [`identity.${field}`, value]));
    const edit = changeAgent(rosterConfig(context), id, fields);
    if (!edit) throw notFound(id);
    await writeRoster(context, edit);
    const said = Object.entries(identity).map(([field, value]) => `${field} ${String(value)}`);
    print({ ok: true, agentId: id, identity }, `agent ${id}: ${said.join(", ")}`);
  },
});

/** The file that was asked for. */
function fileOf(context: CliContext, id: string): string | undefined {
  const { args, home } = context;
  const file = args["identity-file"] as string | undefined;
  if (file !== undefined) return absolute(file, home);
  return args["from-identity"] === true ? join(workspaceOfAgent(context, id), "IDENTITY.md") : undefined;
}

function fileIdentity(context: CliContext, id: string): Identity {
  const file = context.args["identity-file"] as string | undefined;
  if (file === undefined) {
    return context.args["from-identity"] === true ? readIdentity(workspaceOfAgent(context, id)) : {};
  }
  try {
    return parseIdentity(readFileSync(absolute(file, context.home), "utf8"));
  } catch (error) {
    throw new CliError(`cannot read ${file}: ${errorText(error)}`, { code: "NOT_FOUND", cause: error });
  }
}
