import { CliError } from "openclaw/plugin-sdk";
import type { CliContext } from "openclaw/plugin-sdk";
import { nearest } from "openclaw/plugin-sdk/config";
import { workspaceOf } from "openclaw/plugin-sdk/workspace";
import { agentEntries, agentIdOf } from "../agent-entry.ts";
import type { AgentEntry, Binding } from "../agent-entry.ts";
import type { Edit, RosterConfig } from "../roster-edit.ts";

/** The agents as the configuration file has them; a gateway that runs sees every change of it. */
export function rosterConfig({ config }: CliContext): RosterConfig {
  return {
    agents: { list: config.get<readonly AgentEntry[]>("agents.list") ?? [] },
    bindings: config.get<readonly Binding[]>("bindings"),
  };
}

export function entryOf({ config }: CliContext, id: string): AgentEntry | undefined {
  return agentEntries(config).find((entry) => agentIdOf(entry.id) === id);
}

export function workspaceOfAgent({ config, stateDir }: CliContext, id: string): string {
  return workspaceOf(id, { settings: config, stateDir });
}

/** Writes against the file that was read: somebody else's change in between is refused, not lost. */
export async function writeRoster({ config }: CliContext, edit: Edit): Promise<void> {
  const { hash } = await config.snapshot();
  await config.write(edit, { baseHash: hash });
}

export function notFound(id: string): CliError {
  return new CliError(`agent "${id}" not found`, { code: "NOT_FOUND", hint: "openclaw agents list" });
}

export function usage(message: string, command: string): CliError {
  return new CliError(message, { exitCode: 2, code: "USAGE", hint: `openclaw agents ${command} --help` });
}

/** A route as it is typed: `channel` or `channel:account`. */
export function parseRoute(text: string, command: string): { channel: string; accountId?: string } {
  const [, channel, accountId] = /^([a-z0-9][a-z0-9_-]*)(?::(.+))?$/i.exec(text.trim()) ?? [];
  if (!channel) throw usage(`"${text}" is no route; write channel or channel:account`, command);
  return { channel: channel.toLowerCase(), ...(accountId !== undefined && { accountId }) };
}

export function routeText({ match = {} }: Binding): string {
  const { channel = "*", accountId, peer } = match;
  return [channel, accountId, peer?.id].filter((part) => part !== undefined).join(":");
}

/** A route may stand there before its plugin does; most of the time it is a slip. */
export function warnOfChannel({ plugins, note }: CliContext, channel: string): void {
  const known = plugins().flatMap(({ contributes }) => contributes["channels"] ?? []);
  if (!known.includes(channel)) note(`warning: no plugin has a channel "${channel}"; there are ${known.join(", ")}`);
}

/** The same of a model whose provider nobody knows. */
export function warnOfModel({ config, plugins, note }: CliContext, model: string): void {
  const [provider = "", id] = model.split("/");
  if (id === undefined) return;
  const known = [
    ...plugins().flatMap(({ contributes }) => contributes["models"] ?? []),
    ...Object.keys(config.get<object>("models.providers") ?? {}),
    ...Object.keys(config.get<object>("agents.defaults.cliBackends") ?? {}),
  ];
  if (known.includes(provider)) return;
  const close = nearest(provider, known);
  const hint = close === undefined ? "see openclaw models list --all" : `did you mean "${close}"?`;
  note(`warning: nobody knows the provider "${provider}" of ${model}; ${hint}`);
}
