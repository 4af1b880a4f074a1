import { GatewayError } from "../error.ts";

/** What a child needs to find its way; nothing here is a secret of ours (security.md S-51). */
const PASSED_ON =
  /^(PATH|HOME|USER|LOGNAME|SHELL|LANG|LANGUAGE|LC_\w+|TZ|TERM|COLORTERM|TMPDIR|TEMP|TMP|XDG_\w+|DISPLAY|WAYLAND_DISPLAY|DBUS_SESSION_BUS_ADDRESS|SSH_AUTH_SOCK|PATHEXT|SystemRoot|SystemDrive|windir|ComSpec|USERPROFILE|APPDATA|LOCALAPPDATA|ProgramData|ProgramFiles|ProgramFiles\(x86\)|NUMBER_OF_PROCESSORS|PROCESSOR_ARCHITECTURE|HOMEDRIVE|HOMEPATH)$/i;

/** What decides which code a program loads, or where it looks for programs. */
const DECIDING =
  /^(PATH|PATHEXT|HOME|SHELL|SHELLOPTS|BASHOPTS|BASH_\w+|ENV|IFS|PS4|PROMPT_COMMAND|CDPATH|ZDOTDIR|LD_\w+|DYLD_\w+|NODE_OPTIONS|NODE_PATH|NODE_EXTRA_CA_CERTS|NODE_REPL_EXTERNAL_MODULE|PYTHON\w*|PERL\w*|RUBY\w*|GEM_\w+|BUNDLE_\w+|JAVA_TOOL_OPTIONS|_JAVA_OPTIONS|JDK_JAVA_OPTIONS|CLASSPATH|GIT_\w+|GCONV_PATH|LUA_\w+|PHP\w*|NPM_CONFIG_\w+|EDITOR|VISUAL|PAGER|LESSOPEN|LESSCLOSE|MANPAGER|OPENCLAW_\w+|CLAWDBOT_\w+)$/i;

const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;
const MAX_VARIABLES = 200;
const MAX_VALUE = 32_768;

/**
 * The environment of a child on this host: what everybody needs of `base`, and what the caller adds. Throws for a name
 * that decides what else is loaded or run.
 */
export function execEnvironment(
  base: Readonly<Record<string, string | undefined>>,
  added: Readonly<Record<string, unknown>> = {},
): Record<string, string> {
  const names = Object.keys(added);
  if (names.length > MAX_VARIABLES) throw refused(`env has more than ${MAX_VARIABLES} variables`);
  for (const name of names) {
    const value = added[name];
    if (!NAME.test(name)) throw refused(`env has a name that is none: ${JSON.stringify(name)}`);
    if (DECIDING.test(name)) throw refused(`env may not set ${name}`);
    if (typeof value !== "string" || value.includes("\0")) throw refused(`env.${name} must be a text`);
    if (value.length > MAX_VALUE) throw refused(`env.${name} is longer than ${MAX_VALUE} characters`);
  }
  const passed = Object.entries(base).filter(([name, value]) => value !== undefined && PASSED_ON.test(name));
  return Object.fromEntries([...passed, ...Object.entries(added)]) as Record<string, string>;
}

function refused(message: string): GatewayError {
  return new GatewayError("INVALID_REQUEST", message);
}
