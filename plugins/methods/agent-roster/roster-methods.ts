import { constants } from "node:fs";
import { appendFile } from "node:fs/promises";
import { join } from "node:path";
import { closed, errorText, GatewayError, NonEmptyString, Type } from "openclaw/plugin-sdk";
import type { ConfigApi, PluginGateway, SessionsApi } from "openclaw/plugin-sdk";
import { absolute, resolvePaths } from "openclaw/plugin-sdk/config";
import { identityText, prepareWorkspace, readIdentity, workspaceOf } from "openclaw/plugin-sdk/workspace";
import type { Identity } from "openclaw/plugin-sdk/workspace";
import { agentEntries, agentIdOf, defaultEntry } from "./agent-entry.ts";
import type { AgentEntry } from "./agent-entry.ts";
import { editRoster } from "./config-edit.ts";
import { identityOf } from "./identity.ts";
import { putAside } from "./put-aside.ts";
import { addAgent, changeAgent, indexOf, removeAgent } from "./roster-edit.ts";
import {
  AgentCreatedShape,
  AgentDeletedShape,
  AgentIdentityShape,
  AgentListShape,
  AgentUpdatedShape,
} from "./shape.ts";

export interface RosterParts {
  readonly gateway: PluginGateway;
  readonly config: ConfigApi;
  readonly sessions: SessionsApi;
}

const Short = Type.String({ minLength: 1, maxLength: 200 });
const Path = Type.String({ minLength: 1, maxLength: 4_096 });
/** A link is not followed. */
const APPEND = constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | (constants.O_NOFOLLOW ?? 0);

/** `agents.list|create|update|delete` and `agent.identity.get` (protocol.md §9.2, 9.10; sessions.md §8). */
export function registerRosterMethods({ gateway, config, sessions }: RosterParts): void {
  const { settings, paths } = gateway;
  const find = (id: string) => agentEntries(settings).find((entry) => agentIdOf(entry.id) === id);
  const skipsBootstrap = () => settings.get<boolean>("agents.defaults.skipBootstrap") === true;

  gateway.method({
    name: "agents.list",
    scope: "operator.read",
    params: closed({}),
    result: AgentListShape,
    handle: () => ({
      defaultId: sessions.defaultAgentId(),
      mainKey: settings.get<string>("session.mainKey") ?? "main",
      scope: settings.get<string>("session.scope") ?? "per-sender",
      agents: agentEntries(settings).map(({ id, name, identity }) => ({
        id: agentIdOf(id),
        ...(name !== undefined && { name }),
        ...(identity !== undefined && { identity }),
      })),
    }),
  });

  gateway.method({
    name: "agent.identity.get",
    scope: "operator.read",
    params: closed({ agentId: Type.Optional(NonEmptyString), sessionKey: Type.Optional(Type.String()) }),
    result: AgentIdentityShape,
    handle({ agentId, sessionKey }) {
      const named = agentId === undefined ? undefined : agentIdOf(agentId);
      const ofKey = sessionKey?.trim() ? sessions.parseKey(sessionKey).agentId : undefined;
      const refuse = (text: string) =>
        new GatewayError("INVALID_REQUEST", `invalid agent.identity.get params: ${text}`);
      if (named !== undefined && ofKey !== undefined && named !== ofKey)
        throw refuse(`agent "${named}" does not match session key agent "${ofKey}"`);
      if (named !== undefined && !find(named)) throw refuse(`unknown agent id "${named}"`);
      const id = named ?? ofKey ?? sessions.defaultAgentId();
      const entry = find(id);
      const rules = { settings, stateDir: paths.stateDir };
      const file = entry ? readIdentity(workspaceOf(id, rules)) : {};
      const chosen = defaultEntry(agentEntries(settings));
      return identityOf(id, entry, file, settings, entry !== undefined && entry === chosen);
    },
  });

  gateway.method({
    name: "agents.create",
    scope: "operator.admin",
    params: closed({
      name: Short,
      workspace: Path,
      emoji: Type.Optional(Type.String({ maxLength: 64 })),
      avatar: Type.Optional(Type.String({ maxLength: 200 })),
    }),
    result: AgentCreatedShape,
    async handle({ name, workspace, emoji, avatar }, call) {
      const id = agentIdOf(name);
      if (id === "main") throw new GatewayError("INVALID_REQUEST", `"main" is reserved`);
      const folder = folderOf(workspace);
      const entry: AgentEntry = { id, name: name.trim(), workspace: workspace.trim() };
      const add = (current: Parameters<typeof addAgent>[0]) => {
        if (indexOf(current.agents?.list ?? [], id) >= 0)
          throw new GatewayError("INVALID_REQUEST", `agent "${id}" already exists`);
        return addAgent(current, entry);
      };
      // Refused before anything is made.
      add(((await config.snapshot()).config ?? {}) as Parameters<typeof add>[0]);
      await makeWorkspace(folder, { name: name.trim(), ...(emoji && { emoji }), ...(avatar && { avatar }) });
      await editRoster(config, call, add);
      return { ok: true, agentId: id, name: name.trim(), workspace: folder };
    },
  });

  gateway.method({
    name: "agents.update",
    scope: "operator.admin",
    params: closed({
      agentId: NonEmptyString,
      name: Type.Optional(Short),
      workspace: Type.Optional(Path),
      model: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
      avatar: Type.Optional(Type.String({ maxLength: 200 })),
    }),
    result: AgentUpdatedShape,
    async handle({ agentId, name, workspace, model, avatar }, call) {
      const id = agentIdOf(agentId);
      if (!find(id)) throw notFound(id);
      if (workspace !== undefined) await makeWorkspace(folderOf(workspace), {});
      await editRoster(config, call, (current) => {
        const fields = { name: name?.trim(), workspace: workspace?.trim(), model, "identity.avatar": avatar };
        const edit = changeAgent(current, id, fields);
        if (!edit) throw notFound(id);
        return edit;
      });
      return { ok: true, agentId: id };
    },
  });

  gateway.method({
    name: "agents.delete",
    scope: "operator.admin",
    // Ends what the agent is doing first.
    timeoutMs: 60_000,
    params: closed({ agentId: NonEmptyString, deleteFiles: Type.Optional(Type.Boolean()) }),
    result: AgentDeletedShape,
    async handle({ agentId, deleteFiles = true }, call) {
      const id = agentIdOf(agentId);
      if (id === "main") throw new GatewayError("INVALID_REQUEST", `"main" cannot be deleted`);
      if (!find(id)) throw notFound(id);
      const rules = { settings, stateDir: paths.stateDir };
      const workspace = workspaceOf(id, rules);
      let removedBindings = 0;
      // Taken out first: from now on nothing new is routed to it.
      await editRoster(config, call, (current) => {
        const removal = removeAgent(current, id);
        if (!removal) throw notFound(id);
        removedBindings = removal.removedBindings;
        return removal.edit;
      });
      if (!deleteFiles) return { ok: true, agentId: id, removedBindings };
      for (const { key } of await sessions.list({ agentId: id })) await sessions.remove(key);
      const others = agentEntries(settings).map((entry) => workspaceOf(agentIdOf(entry.id), rules));
      const aside = await putAside(
        [
          { path: workspace, keep: [paths.stateDir, ...others] },
          { path: join(paths.stateDir, "agents", id), keep: [] },
        ],
        (path, error) => gateway.log.warn(`cannot put ${path} aside: ${errorText(error)}`, { err: error }),
      );
      return { ok: true, agentId: id, removedBindings, ...aside };
    },
  });

  async function makeWorkspace(folder: string, identity: Identity): Promise<void> {
    try {
      const { created } = prepareWorkspace(folder, { bootstrap: !skipsBootstrap(), ritual: false });
      const fields = identityText(identity);
      if (fields === "") return;
      const path = join(folder, "IDENTITY.md");
      // What stands last counts, so what somebody wrote before is kept.
      await appendFile(path, created.includes("IDENTITY.md") ? `\n${fields}` : fields, { mode: 0o600, flag: APPEND });
    } catch (error) {
      throw new GatewayError("INVALID_REQUEST", `cannot make the workspace ${folder}: ${errorText(error)}`, {
        cause: error,
      });
    }
  }
}

/** A folder given by a client, who has no current directory here. */
function folderOf(workspace: string): string {
  const text = workspace.trim();
  const isWhole = text.startsWith("/") || text === "~" || text.startsWith("~/") || /^[A-Za-z]:[\\/]/.test(text);
  if (!isWhole || text.includes("\0"))
    throw new GatewayError("INVALID_REQUEST", `workspace must be an absolute path or begin with ~/: ${text}`);
  return absolute(text, resolvePaths({}, process.env).home);
}

function notFound(id: string): GatewayError {
  return new GatewayError("INVALID_REQUEST", `agent "${id}" not found`, { details: { code: "NOT_FOUND" } });
}
