import { defineCommand } from "openclaw/plugin-sdk";

/** `openclaw config schema`: the JSON Schema of the whole file, plugins' parts included. */
export default defineCommand({
  anyConfig: true,
  local: true,
  async run({ config, print }) {
    print(config.schema().schema);
  },
});
