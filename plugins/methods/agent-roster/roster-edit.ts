import { agentIdOf } from "./agent-entry.ts";
import type { AgentEntry, Binding } from "./agent-entry.ts";

/** What a configuration says of agents, before an edit. */
export interface RosterConfig {
  readonly agents: { readonly list?: readonly AgentEntry[] } | undefined;
  readonly bindings: readonly Binding[] | undefined;
}

/** Values by dotted path; `undefined` removes. In this order. */
export type Edit = Map<string, unknown>;

/** Add an agent. The first one is listed beside `main`, which would not be there any more otherwise. */
export function addAgent({ agents }: RosterConfig, entry: AgentEntry): Edit {
  const list = agents?.list ?? [];
  if (list.length === 0) return new Map([["agents.list", [{ id: "main" }, entry]]]);
  return new Map([[`agents.list[${list.length}]`, entry]]);
}

/** Change fields of an agent; `undefined` when there is no such agent. Paths are those below its entry. */
export function changeAgent(
  { agents }: RosterConfig,
  agentId: string,
  fields: Readonly<Record<string, unknown>>,
): Edit | undefined {
  const list = agents?.list ?? [];
  const edit: Edit = new Map();
  const set = Object.entries(fields).filter(([, value]) => value !== undefined);
  if (list.length === 0 && agentId === "main") edit.set("agents.list", [{ id: "main" }]);
  else if (indexOf(list, agentId) < 0) return undefined;
  const at = Math.max(0, indexOf(list, agentId));
  for (const [path, value] of set) edit.set(`agents.list[${at}].${path}`, value);
  return edit;
}

/** Take an agent out, with the bindings that lead to it; `undefined` when there is no such agent. */
export function removeAgent(
  { agents, bindings = [] }: RosterConfig,
  agentId: string,
): { readonly edit: Edit; readonly removedBindings: number } | undefined {
  const at = indexOf(agents?.list ?? [], agentId);
  if (at < 0) return undefined;
  const edit: Edit = new Map([[`agents.list[${at}]`, undefined]]);
  // From the end, so that those before keep their place.
  const bound = bindings
    .flatMap((binding, index) => (agentIdOf(binding.agentId) === agentId ? [index] : []))
    .toReversed();
  for (const index of bound) edit.set(`bindings[${index}]`, undefined);
  return { edit, removedBindings: bound.length };
}

export function indexOf(list: readonly AgentEntry[], agentId: string): number {
  return list.findIndex(({ id }) => agentIdOf(id) === agentId);
}
