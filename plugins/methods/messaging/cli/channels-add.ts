import { readFileSync } from "node:fs";
import { defineCommand } from "openclaw/plugin-sdk";
import type { CliContext } from "openclaw/plugin-sdk";
import { accountsOf, assertKnown, keysOf, sectionOf } from "./channel-section.ts";
import { usage } from "./choose-channel.ts";
import { text } from "./text.ts";

const COMMAND = "channels add";
/** The first of these that a channel has is what `--token` stands for. */
const TOKEN_KEYS = ["botToken", "token", "accessToken"];
const FLAGS: Readonly<Record<string, string>> = {
  name: "name",
  "token-file": "tokenFile",
  "bot-token": "botToken",
  "app-token": "appToken",
  "signing-secret": "signingSecret",
  "http-url": "httpUrl",
  "cli-path": "cliPath",
};

/** `openclaw channels add <channel>`: writes its section. Secrets are written and never shown; `-` reads one from stdin. */
export default defineCommand({
  local: true,
  options: {
    channel: { type: "string", describe: "channel id" },
    account: { type: "string", describe: "an account of its own beside others" },
    name: { type: "string", describe: "name of the account, for people" },
    token: { type: "string", describe: "token of the bot; - reads it from stdin" },
    "token-file": { type: "string", describe: "file that holds the token" },
    "bot-token": { type: "string", describe: "token of the bot, where there are several; - reads it from stdin" },
    "app-token": { type: "string", describe: "token of the app" },
    "signing-secret": { type: "string", describe: "secret that requests are signed with" },
    "http-url": { type: "string", describe: "address of a bridge or daemon" },
    "cli-path": { type: "string", describe: "program of a bridge" },
    "use-env": { type: "boolean", describe: "the token is in the environment of the gateway" },
    set: { type: "array", describe: "any other key of the section, as key=value" },
  },
  async run(context) {
    const { args, config, print } = context;
    const channel = text(args["channel"]);
    if (channel === undefined) throw usage("which channel? see openclaw channels list", COMMAND);
    assertKnown(context, channel);
    const values = valuesOf(context, channel);
    const account = text(args["account"])?.toLowerCase();
    if (account !== undefined && !/^[a-z0-9_-]{1,64}$/.test(account))
      throw usage("--account must be letters, digits, - and _, at most 64", COMMAND);
    const edit = editOf(context, channel, account, values);
    await config.write(edit, { replaceReferences: true });
    const written = { channel, accountId: account ?? "default", keys: [...values.keys()] };
    const place = account === undefined ? channel : `${channel} account ${account}`;
    const keys = values.size > 0 ? ` with ${[...values.keys()].join(", ")}` : "";
    const next = context.gateway.running ? "; see openclaw channels status" : "";
    print({ ok: true, ...written }, `Added ${place}${keys}${next}`);
  },
});

function valuesOf(context: CliContext, channel: string): Map<string, unknown> {
  const { args } = context;
  const keys = keysOf(context, channel);
  const tokenKey = TOKEN_KEYS.find((key) => keys?.[key] !== undefined) ?? "token";
  const values = new Map<string, unknown>();
  for (const [flag, key] of Object.entries({ token: tokenKey, ...FLAGS })) {
    const given = text(args[flag]);
    if (given === undefined) continue;
    if (keys && keys[key] === undefined) throw usage(`${channel} has no --${flag}; it takes ${flagsOf(keys)}`, COMMAND);
    values.set(key, given === "-" ? readFileSync(0, "utf8").trim() : given);
  }
  for (const pair of (args["set"] as readonly unknown[] | undefined) ?? []) {
    const [, key, value] = /^([\w.]+)=([\s\S]*)$/.exec(String(pair)) ?? [];
    if (key === undefined || value === undefined) throw usage("--set needs key=value", COMMAND);
    values.set(key, parsed(value));
  }
  const needsToken = keys?.[tokenKey] !== undefined && sectionOf(context, channel) === undefined;
  const hasToken = values.has(tokenKey) || values.has("tokenFile") || args["use-env"] === true;
  if (needsToken && !hasToken)
    throw usage(
      `${channel} needs a token: --token, --token-file or --use-env; it takes ${flagsOf(keys ?? {})}`,
      COMMAND,
    );
  return values;
}

/** Where the keys go. A section that was one account keeps it when a second one comes. */
function editOf(
  context: CliContext,
  channel: string,
  account: string | undefined,
  values: ReadonlyMap<string, unknown>,
): Map<string, unknown> {
  const section = sectionOf(context, channel);
  const hasAccounts = section?.["accounts"] !== undefined;
  const isNamed = account !== undefined && (account !== "default" || hasAccounts);
  const base = `channels.${channel}`;
  const edit = new Map<string, unknown>();
  if (!section) edit.set(base, {});
  if (section?.["enabled"] === false) edit.set(`${base}.enabled`, undefined);
  if (!isNamed) for (const [key, value] of values) edit.set(`${base}.${key}`, value);
  else {
    if (section && !hasAccounts) for (const one of accountsOf(section)) edit.set(`${base}.accounts.${one}`, {});
    edit.set(`${base}.accounts.${account}`, nested(values));
  }
  return edit;
}

function nested(values: ReadonlyMap<string, unknown>): object {
  const whole: Record<string, unknown> = {};
  for (const [path, value] of values) {
    const keys = path.split(".");
    let at = whole;
    for (const key of keys.slice(0, -1)) at = (at[key] ??= {}) as Record<string, unknown>;
    at[keys.at(-1) as string] = value;
  }
  return whole;
}

function flagsOf(keys: Readonly<Record<string, unknown>>): string {
  const own = Object.entries(FLAGS).flatMap(([flag, key]) => (keys[key] === undefined ? [] : [`--${flag}`]));
  const token = TOKEN_KEYS.some((key) => keys[key] !== undefined) ? ["--token"] : [];
  return [...token, ...own, "--use-env", "--set"].join(", ");
}

/** A value as JSON, else as text. Long numbers are ids. */
function parsed(value: string): unknown {
  if (!/^(?:true|false|-?\d{1,15}|[[{].*)$/s.test(value)) return value;
  try {
    return JSON.parse(value) as unknown;
  } catch {
    // No JSON: it is text.
    return value;
  }
}
