import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { CliError, defineCommand, ensureDirectory } from "openclaw/plugin-sdk";
import type { CliContext } from "openclaw/plugin-sdk";
import { absolute } from "openclaw/plugin-sdk/config";
import { prepareWorkspace } from "openclaw/plugin-sdk/workspace";

const TOKEN_BYTES = 32;
const TOKEN_REFERENCE = "${OPENCLAW_GATEWAY_TOKEN}";

/** `openclaw setup`: what is missing is made, what is there stays (cli.md §5). */
export default defineCommand({
  local: true,
  options: {
    workspace: { type: "string", describe: "folder of the agent's files" },
    "non-interactive": { type: "boolean", describe: "ask nothing; setup never does" },
  },
  async run(context) {
    const { args, config, configPath, stateDir, home, print, note, tilde } = context;
    const wanted = args["workspace"] as string | undefined;
    const wrote = await writeConfig(context, wanted);
    const workspace = absolute(config.get<string>("agents.defaults.workspace") ?? context.workspace, home);
    const sessionsDir = join(stateDir, "agents", "main", "sessions");
    const bootstrap = config.get<boolean>("agents.defaults.skipBootstrap") !== true;
    const { history } = prepareWorkspace(workspace, { bootstrap, ritual: context.profile !== "dev" });
    await history;
    ensureDirectory(sessionsDir);
    const lines = [
      `${wrote ? "Wrote" : "Config OK:"} ${tilde(configPath)}`,
      `Workspace OK: ${tilde(workspace)}`,
      `Sessions OK: ${tilde(sessionsDir)}`,
    ];
    print({ ok: true, configPath, wrote, workspace, sessionsDir }, lines.join("\n"));
    if (config.get("gateway.mode") === undefined)
      note("gateway.mode is not set; run: openclaw config set gateway.mode local");
  },
});

/** True when there was no file. One that is there changes only by the workspace that was asked for. */
async function writeConfig({ config, home }: CliContext, wanted: string | undefined): Promise<boolean> {
  const { exists, hash } = await config.snapshot();
  const workspace = wanted === undefined ? undefined : absolute(wanted, home);
  const edit = new Map<string, unknown>();
  if (workspace !== undefined && config.get("agents.defaults.workspace") !== workspace)
    edit.set("agents.defaults.workspace", workspace);
  if (exists) {
    if (edit.size > 0) await config.write(edit);
    return false;
  }
  edit.set("gateway.mode", "local");
  edit.set("gateway.auth.token", process.env["OPENCLAW_GATEWAY_TOKEN"] ? TOKEN_REFERENCE : newToken());
  try {
    await config.write(edit, { baseHash: hash });
    return true;
  } catch (error) {
    // Somebody else was setting up at the same time, and theirs stays.
    if (error instanceof CliError && config.exists) return false;
    throw error;
  }
}

function newToken(): string {
  return randomBytes(TOKEN_BYTES).toString("hex");
}
