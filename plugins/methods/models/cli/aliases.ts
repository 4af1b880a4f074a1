import { defineCommand } from "openclaw/plugin-sdk";
import { referenceOf, refused, settingsOf, text } from "./place.ts";

const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

/** `openclaw models aliases [action] [alias] [model]`: short names of models that are listed. */
export default defineCommand({
  local: true,
  async run(context) {
    const { args, config, note, print, table } = context;
    const action = text(args["action"]) ?? "list";
    const listed = settingsOf(context).listed();
    const alias = text(args["alias"]);
    const known = Object.entries(listed).flatMap(([model, entry]) =>
      entry.alias ? [{ alias: entry.alias, model }] : [],
    );
    if (action === "list") {
      const aliases = Object.fromEntries(known.map((one) => [one.alias, one.model]));
      return print({ aliases }, known.length > 0 ? table(known, ["alias", "model"]) : "none");
    }
    if (action !== "add" && action !== "remove") throw refused(`unknown action "${action}"; use list, add or remove`);
    if (alias === undefined) throw refused(`which alias? openclaw models aliases ${action} <alias>`);
    const holder = known.find((one) => one.alias.toLowerCase() === alias.toLowerCase())?.model;
    if (action === "remove") {
      if (holder === undefined) throw refused(`there is no alias "${alias}"; see openclaw models aliases`);
      const { alias: _gone, ...entry } = listed[holder] ?? {};
      await config.write(new Map([["agents.defaults.models", { ...listed, [holder]: entry }]]));
      note(
        `agents.defaults.models still lists ${Object.keys(listed).join(", ")}, and chats may only choose what it lists`,
      );
      return print({ ok: true, removed: alias }, `Removed ${alias}.`);
    }
    const given = text(args["model"]);
    if (given === undefined || !NAME.test(alias))
      throw refused("use: openclaw models aliases add <alias> <provider/model>; an alias has letters, digits, . _ -");
    const model = referenceOf(context, given);
    const { alias: _old, ...rest } = holder === undefined ? {} : (listed[holder] ?? {});
    const without = holder === undefined || holder === model ? listed : { ...listed, [holder]: rest };
    if (Object.keys(listed).length === 0)
      note("agents.defaults.models lists models now: chats may only choose those in it, and the default");
    await config.write(new Map([["agents.defaults.models", { ...without, [model]: { ...without[model], alias } }]]));
    return print({ ok: true, alias, model }, `${alias}: ${model}`);
  },
});
