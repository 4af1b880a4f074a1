import { defineCommand } from "openclaw/plugin-sdk";
import { effectText } from "./effect.ts";
import { parseValue } from "./value.ts";

/** `openclaw config plan <path> <value>`: what `set` would do, without doing it (config.md §3.1). */
export default defineCommand({
  anyConfig: true,
  local: true,
  async run(context) {
    const { args, config, print } = context;
    const path = args["path"] as string;
    const plan = config.plan(new Map([[path, parseValue(args)]]), { replaceReferences: true });
    const effect = effectText(plan, context);
    const rows = Object.entries(plan).filter(([, names]) => (names as readonly string[]).length > 0);
    const lines = rows.map(([kind, names]) => `  ${kind}: ${(names as readonly string[]).join(", ")}`);
    print({ ok: true, path, plan, effect }, [rows.length > 0 ? effect : "nothing changes", ...lines].join("\n"));
  },
});
