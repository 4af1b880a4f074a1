import { isDeepStrictEqual } from "node:util";
import { defineCommand } from "openclaw/plugin-sdk";
import { agentIdOf } from "../agent-entry.ts";
import { entryOf, notFound, parseRoute, warnOfChannel, rosterConfig, usage, writeRoster } from "./roster-file.ts";

/** `openclaw agents bind <id> <to>` (sessions.md §8). */
export default defineCommand({
  local: true,
  async run(context) {
    const id = agentIdOf(String(context.args["id"]));
    const match = parseRoute(String(context.args["to"]), "bind");
    if (!entryOf(context, id)) throw notFound(id);
    const to = String(context.args["to"]);
    warnOfChannel(context, match.channel);
    const { bindings = [] } = rosterConfig(context);
    const taken = bindings.find((binding) => isDeepStrictEqual({ ...binding.match }, match));
    if (taken && agentIdOf(taken.agentId) !== id) {
      throw usage(`${String(context.args["to"])} leads to agent "${taken.agentId}" already; unbind it first`, "bind");
    }
    const path = bindings.length === 0 ? "bindings" : `bindings[${bindings.length}]`;
    const binding = { agentId: id, match };
    if (!taken) await writeRoster(context, new Map([[path, bindings.length === 0 ? [binding] : binding]]));
    context.print(
      { ok: true, agentId: id, match, changed: !taken },
      taken ? `${to} leads to ${id} already` : `${to} leads to ${id} now`,
    );
  },
});
