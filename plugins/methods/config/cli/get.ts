import { CliError, defineCommand } from "openclaw/plugin-sdk";
import type { CliContext } from "openclaw/plugin-sdk";
import { issueText, parsePath, PLACEHOLDER, valueAt } from "openclaw/plugin-sdk/config";
import { notFound } from "./value.ts";

/** `openclaw config get <path>`: the value the file gives (cli.md §5, config.md §12.1). */
export default defineCommand({
  anyConfig: true,
  local: true,
  options: {
    "show-secrets": { type: "boolean", describe: "print secrets as they are" },
    effective: { type: "boolean", describe: "what counts: environment and defaults too" },
  },
  async run(context) {
    const { args, config, print, note } = context;
    const path = args["path"] as string;
    const keys = parsePath(path);
    if (!keys) {
      const hint = "write it like agents.list[0].id";
      throw new CliError(`not a config path: "${path}"`, { exitCode: 2, code: "USAGE", hint });
    }
    const snapshot = await config.snapshot({ showSecrets: args["show-secrets"] === true });
    const written = valueAt(snapshot.config, keys);
    const value =
      args["effective"] === true ? (effective(context, path) ?? written) : (written ?? implied(context, path));
    for (const issue of snapshot.issues) note(issueText(issue));
    if (value === undefined) throw snapshot.valid ? notFound(path) : unreadable(path);
    if (JSON.stringify(value).includes(PLACEHOLDER)) note("a secret is hidden; --show-secrets prints it");
    print(value, typeof value === "object" ? undefined : String(value));
  },
});

/** Scripts ask for the port without knowing whether anybody has set it (cli.md §9). */
function implied({ config, gateway }: CliContext, path: string): unknown {
  return path === "gateway.port" && config.valid ? gateway.port : undefined;
}

function effective({ config, gateway }: CliContext, path: string): unknown {
  const known: Readonly<Record<string, unknown>> = {
    "gateway.port": gateway.port,
    "gateway.bind": gateway.bind,
    "gateway.auth.mode": gateway.auth.mode,
  };
  if (path in known) return known[path];
  return config.get(path) === undefined ? presetOf(config.schema().schema, path) : undefined;
}

/** The `default` that the schema gives the value at `path`. */
function presetOf(schema: object, path: string): unknown {
  let node = schema as { properties?: Record<string, object>; default?: unknown } | undefined;
  for (const key of parsePath(path) ?? []) node = node?.properties?.[key];
  return node?.default;
}

/** A text that cannot be read may well hold the value. */
function unreadable(path: string): CliError {
  return new CliError(`config is invalid, ${path} cannot be found in it`, { exitCode: 78, code: "CONFIG_INVALID" });
}
