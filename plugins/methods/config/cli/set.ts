import { defineCommand } from "openclaw/plugin-sdk";
import { issueText } from "openclaw/plugin-sdk/config";
import { effectText, NOT_TAKEN } from "./effect.ts";
import { parseValue } from "./value.ts";

/** A warning about what was written, or about what holds it. */
const concerns = (warned: string, written: string) =>
  warned === written || written.startsWith(`${warned}.`) || warned.startsWith(`${written}.`);

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
    const { changed, isPending } = await config.write(edit, options);
    const done = isPending ? NOT_TAKEN : planned;
    const effect = changed.length > 0 ? done : "it has this value already";
    for (const warning of config.check().warnings.filter((one) => concerns(one.path, path))) {
      context.note(`warning: ${issueText(warning)}`);
    }
    print({ ok: true, path, changed, plan, effect }, `Updated ${path}. (${effect})`);
  },
});
