import { randomBytes } from "node:crypto";
import { networkInterfaces } from "node:os";
import { isDeepStrictEqual } from "node:util";
import type { ReloadPlan } from "openclaw/plugin-sdk";
import { askModel } from "./model-questions.ts";
import type { Prompter } from "./prompter.ts";

const TOKEN_BYTES = 32;
const TOKEN_REFERENCE = "${OPENCLAW_GATEWAY_TOKEN}";
/** What others can reach asks for a secret that is not guessed (config.md §4). */
const OPEN_TOKEN_LENGTH = 24;
const PASSWORD_LENGTH = 8;
const SECURITY = `This gateway hands messages from chat networks to a language model that can run tools on this machine.
- Who may write to it is decided per channel; strangers have to be let in by you.
- What other people write can try to make the model do things. Give it no more access than you would give them.
- Everything it keeps lies in the state directory, readable for your account alone.
- The token or password you are about to set is the key to all of it.
openclaw security audit looks for what is set too wide.`;

export interface OnboardingParts {
  /** A value of the running configuration. */
  readonly get: <T>(path: string) => T | undefined;
  readonly write: (edit: ReadonlyMap<string, unknown>) => Promise<ReloadPlan>;
  readonly version: string;
  readonly defaultWorkspace: string;
}

export interface OnboardingParams {
  readonly mode?: "local" | "remote";
  readonly workspace?: string;
}

/** Asks for what a first configuration needs, with what is set as the proposal, and writes what is different. */
export async function onboard(prompter: Prompter, params: OnboardingParams, parts: OnboardingParts): Promise<void> {
  await prompter.note("OpenClaw onboarding", "");
  await prompter.note("Security", SECURITY);
  const mode =
    params.mode ??
    (await prompter.select(
      "Where does the gateway run?",
      [
        { value: "local", label: "On this machine" },
        { value: "remote", label: "Elsewhere", hint: "commands of this machine go there" },
      ],
      "local",
    ));
  const edit = new Map<string, unknown>();
  const summary =
    mode === "remote" ? await askRemote(prompter, parts, edit) : await askLocal(prompter, params, parts, edit);
  for (const [path, value] of edit) if (isDeepStrictEqual(parts.get(path), value)) edit.delete(path);
  if (edit.size === 0) return prompter.note("Done", "Everything is set like this already.");
  if (!(await prompter.confirm(`Write this?\n${summary.join("\n")}`)))
    return prompter.note("Nothing was written", "The configuration is as it was.");
  edit.set("wizard.lastRunAt", new Date().toISOString());
  edit.set("wizard.lastRunVersion", parts.version);
  edit.set("wizard.lastRunCommand", "wizard");
  edit.set("wizard.lastRunMode", mode);
  const plan = await parts.write(edit);
  const restarts = plan.restart.length > 0 ? " The gateway restarts for it; log in again with what you set." : "";
  await prompter.note("Done", `The configuration is written.${restarts}`);
}

/** The gateway that asks stays one: only where its commands go is written. */
async function askRemote(prompter: Prompter, { get }: OnboardingParts, edit: Map<string, unknown>): Promise<string[]> {
  const url = await prompter.text({
    message: "Address of the gateway",
    initialValue: get<string>("gateway.remote.url") ?? "",
    placeholder: "wss://gateway.example:18789",
    problem: (text) => (/^wss?:\/\/\S+$/.test(text) ? undefined : "the address begins with ws:// or wss://"),
  });
  const hasToken = get<string>("gateway.remote.token") !== undefined;
  const token = await prompter.text({
    message: hasToken ? "Its token (leave empty to keep the one that is there)" : "Its token",
    sensitive: true,
    problem: (text) => (text === "" && !hasToken ? "without its token nobody gets in" : undefined),
  });
  edit.set("gateway.remote.url", url);
  if (token !== "") edit.set("gateway.remote.token", token);
  return [`Gateway: ${url}`];
}

async function askLocal(
  prompter: Prompter,
  { workspace: proposed }: OnboardingParams,
  { get, defaultWorkspace }: OnboardingParts,
  edit: Map<string, unknown>,
): Promise<string[]> {
  const workspace = await prompter.text({
    message: "Folder of the agent's files",
    initialValue: proposed ?? get<string>("agents.defaults.workspace") ?? defaultWorkspace,
    problem: (text) => (/^(~|\/|[A-Za-z]:\\)/.test(text) ? undefined : "the folder is named from / or ~ on"),
  });
  const port = await prompter.text({
    message: "Port",
    initialValue: String(get<number>("gateway.port") ?? 18_789),
    problem: (text) =>
      /^\d{1,5}$/.test(text) && Number(text) >= 1 && Number(text) <= 65_535 ? undefined : "a port is 1 to 65535",
  });
  const bind = await prompter.select(
    "Who can reach it?",
    [
      { value: "loopback", label: "Programs on this machine" },
      { value: "lan", label: "Everybody in the local network" },
      ...(hasTailnet() ? [{ value: "tailnet" as const, label: "My tailnet" }] : []),
      { value: "auto", label: "This machine, or the local network where that is not possible" },
    ],
    (get<string>("gateway.bind") as "loopback" | undefined) ?? "loopback",
  );
  const auth = await askAuth(prompter, get, edit, bind === "loopback");
  const model = await askModel(prompter, get, edit);
  edit.set("gateway.mode", "local");
  edit.set("agents.defaults.workspace", workspace);
  if (Number(port) !== (get<number>("gateway.port") ?? 18_789)) edit.set("gateway.port", Number(port));
  if (bind !== (get<string>("gateway.bind") ?? "loopback")) edit.set("gateway.bind", bind);
  return [`Workspace: ${workspace}`, `Port: ${port}`, `Reached by: ${bind}`, `Login: ${auth}`, `Model: ${model}`];
}

/** Without an address in the tailnet the next start would wait for one. */
function hasTailnet(): boolean {
  const addresses = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  return addresses.some(({ address }) => /^100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7])\./.test(address));
}

/** A token that is there stays: a new one would lock every client out. */
async function askAuth(
  prompter: Prompter,
  get: OnboardingParts["get"],
  edit: Map<string, unknown>,
  isPrivate: boolean,
): Promise<string> {
  const token = get<string>("gateway.auth.token") ?? "";
  const hasToken = isPrivate ? token !== "" : token.length >= OPEN_TOKEN_LENGTH;
  const hasPassword = get<string>("gateway.auth.password") !== undefined;
  const mode = await prompter.select(
    "How do clients log in?",
    [
      { value: "token", label: "With a token", hint: hasToken ? "the one that is there stays" : "one is made" },
      { value: "password", label: "With a password" },
    ],
    get<string>("gateway.auth.mode") === "password" || (hasPassword && !hasToken) ? "password" : "token",
  );
  if (mode !== (get<string>("gateway.auth.mode") ?? "token")) edit.set("gateway.auth.mode", mode);
  if (mode === "token") {
    const made = process.env["OPENCLAW_GATEWAY_TOKEN"] ? TOKEN_REFERENCE : randomBytes(TOKEN_BYTES).toString("hex");
    if (!hasToken) edit.set("gateway.auth.token", made);
    return hasToken ? "token, as it is" : "token, a new one";
  }
  const password = await prompter.text({
    message: hasPassword ? "Password (leave empty to keep the one that is there)" : "Password",
    sensitive: true,
    problem: (text) => {
      if (text === "" && hasPassword) return undefined;
      return text.length >= PASSWORD_LENGTH ? undefined : `a password has ${PASSWORD_LENGTH} characters at least`;
    },
  });
  if (password !== "") edit.set("gateway.auth.password", password);
  return password === "" ? "password, as it is" : "password, a new one";
}
