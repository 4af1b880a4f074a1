import { resolve } from "node:path";
import { CliError, defineCommand } from "openclaw/plugin-sdk";
import { issueText } from "openclaw/plugin-sdk/config";

/** `openclaw config validate`: everything a start would say about the file, without starting. */
export default defineCommand({
  anyConfig: true,
  local: true,
  options: { file: { type: "string", describe: "another file than the one in use" } },
  async run({ args, config, print, note, tilde }) {
    const file = args["file"] as string | undefined;
    const { path, exists, issues, warnings } = config.check(file === undefined ? undefined : resolve(file));
    const details = { path, exists, issues, warnings };
    if (!exists) {
      const hint = file === undefined ? "openclaw setup" : undefined;
      throw new CliError(`no config file at ${tilde(path)}`, {
        exitCode: 78,
        code: "CONFIG_MISSING",
        details,
        ...(hint && { hint }),
      });
    }
    if (issues.length > 0) {
      const text = [`config is invalid: ${tilde(path)}`, ...issues.map((issue) => `  ${issueText(issue)}`)].join("\n");
      throw new CliError(text, { exitCode: 78, code: "CONFIG_INVALID", details });
    }
    for (const warning of warnings) note(`warning: ${issueText(warning)}`);
    print({ ok: true, ...details }, `Config OK: ${tilde(path)}`);
  },
});
