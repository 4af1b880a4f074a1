import { isDeepStrictEqual } from "node:util";
import { CliError, defineCommand } from "openclaw/plugin-sdk";
import { agentIdOf } from "../agent-entry.ts";
import type { Edit } from "../roster-edit.ts";
import { parseRoute, rosterConfig, writeRoster } from "./roster-file.ts";

/** `openclaw agents unbind <id> <from>` (sessions.md §8). */
export default defineCommand({
  local: true,
  async run(context) {
    const id = agentIdOf(String(context.args["id"]));
    const match = parseRoute(String(context.args["from"]), "unbind");
    const { bindings = [] } = rosterConfig(context);
    const edit: Edit = new Map();
    for (const [index, binding] of [...bindings.entries()].toReversed()) {
      const leadsThere = agentIdOf(binding.agentId) === id && isDeepStrictEqual({ ...binding.match }, match);
      if (leadsThere) edit.set(`bindings[${index}]`, undefined);
    }
    if (edit.size === 0) {
      throw new CliError(`${String(context.args["from"])} does not lead to agent "${id}"`, {
        code: "NOT_FOUND",
        hint: "openclaw agents list --bindings",
      });
    }
    await writeRoster(context, edit);
    context.print({ ok: true, agentId: id, removedBindings: edit.size }, `unbound from ${id}`);
  },
});
