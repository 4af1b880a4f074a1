import { defineCommand } from "openclaw/plugin-sdk";

/** `openclaw config path`: absolute, because scripts use it. */
export default defineCommand({
  anyConfig: true,
  local: true,
  async run({ config, print }) {
    const { path, exists, includes } = await config.snapshot();
    print({ path, exists, includes }, path);
  },
});
