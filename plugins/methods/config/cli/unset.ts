import { defineCommand } from "openclaw/plugin-sdk";
import { effectText, NOT_TAKEN } from "./effect.ts";
import { notFound } from "./value.ts";

/** `openclaw config unset <path>`: takes the key out of the file (config.md §13). */
export default defineCommand({
  anyConfig: true,
  local: true,
  options: { "replace-ref": { type: "boolean", describe: "remove a value that is set by ${NAME}" } },
  async run(context) {
    const { args, config, print } = context;
    const path = args["path"] as string;
    if (config.get(path) === undefined) throw notFound(path);
    const edit = new Map([[path, undefined]]);
    const options = { replaceReferences: args["replace-ref"] === true };
    const plan = config.plan(edit, options);
    const planned = effectText(plan, context);
    const { changed, isPending } = await config.write(edit, options);
    const effect = isPending ? NOT_TAKEN : planned;
    print({ ok: true, path, changed, plan, effect }, `Removed ${path}. (${effect})`);
  },
});
