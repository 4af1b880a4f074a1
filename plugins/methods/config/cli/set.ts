import { defineCommand } from "openclaw/plugin-sdk";
import { effectText } from "./effect.ts";
import { parseValue } from "./value.ts";

/** `openclaw config set <path> <value>`: edits the file; a gateway that runs sees it (config.md §13). */
export default defineCommand({
  anyConfig: true,
  local: true,
  options: { "replace-ref": { type: "boolean", describe: "write over a value that is set by ${NAME}" } },
  async run(context) {
    const { args, config, print } = context;
    const path = args["path"] as string;
    const edit = new Map([[path, parseValue(args)]]);
    const options = { replaceReferences: args["replace-ref"] === true };
    const plan = config.plan(edit, options);
    const planned = effectText(plan, context);
    const { changed } = await config.write(edit, options);
    const effect = changed.length > 0 ? planned : "it has this value already";
    print({ ok: true, path, changed, plan, effect }, `Updated ${path}. (${effect})`);
  },
});
