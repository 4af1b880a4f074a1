import type { Envelope, PluginGateway, Settings } from "openclaw/plugin-sdk";

const MAX_PATTERN = 512;
const MAX_TEXT = 8_000;
/** Zero-width and bidirectional control characters, which hide or tear a name. */
const INVISIBLE = /[\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]/g;
/** A repeated group that repeats inside: matching it can take for ever. */
const RUNAWAY = /\([^()]*[+*}][^()]*\)[+*{]/;

interface AgentKeys {
  readonly id?: string;
  readonly groupChat?: { readonly mentionPatterns?: readonly string[] };
  readonly identity?: { readonly name?: string; readonly emoji?: string };
}

/** Was the bot addressed (channels.md §1.6)? Compiled patterns are kept as long as they stand in the configuration. */
export class Mentions {
  readonly #gateway: PluginGateway;
  readonly #compiled = new Map<string, RegExp | undefined>();

  constructor(gateway: PluginGateway) {
    this.#gateway = gateway;
  }

  /** `undefined`: nobody can tell, because the network has no mentions and there is no pattern. */
  addressed({ mentioned, mentions, quoted, text }: Envelope, agentId: string, native: boolean): boolean | undefined {
    if (mentioned || mentions?.bot || quoted?.isBot) return true;
    const patterns = this.#patterns(agentId);
    const clean = text.slice(0, MAX_TEXT).replaceAll(INVISIBLE, "");
    if (patterns.some((pattern) => pattern.test(clean))) return true;
    const canDetect = native || mentioned !== undefined || mentions?.canDetect === true || patterns.length > 0;
    return canDetect ? false : undefined;
  }

  #patterns(agentId: string): RegExp[] {
    const sources = sourcesFor(this.#gateway.settings, agentId);
    if (this.#compiled.size > 1_000) this.#compiled.clear();
    return sources.map((source) => this.#compile(source)).filter((pattern) => pattern !== undefined);
  }

  #compile(source: string): RegExp | undefined {
    if (this.#compiled.has(source)) return this.#compiled.get(source);
    const pattern = this.#tryCompile(source);
    this.#compiled.set(source, pattern);
    return pattern;
  }

  #tryCompile(source: string): RegExp | undefined {
    const skip = (problem: string) =>
      void this.#gateway.diagnose(`mention pattern "${source.slice(0, 60)}" ${problem}; it is not used`);
    if (source.length > MAX_PATTERN) return skip(`is longer than ${MAX_PATTERN} characters`);
    if (RUNAWAY.test(source)) return skip("repeats a repeated group");
    try {
      return new RegExp(source, "iu");
    } catch {
      // Patterns written without the rules of the unicode flag.
      try {
        return new RegExp(source, "i");
      } catch {
        return skip("is not a regular expression");
      }
    }
  }
}

/** The agent's own patterns, even none; else those for all; else what its name and emoji suggest. */
function sourcesFor(settings: Settings, agentId: string): readonly string[] {
  const agents = settings.get<readonly AgentKeys[]>("agents.list");
  const agent = Array.isArray(agents) ? agents.find(({ id }) => id?.toLowerCase() === agentId) : undefined;
  const written =
    agent?.groupChat?.mentionPatterns ?? settings.get<readonly string[]>("messages.groupChat.mentionPatterns");
  if (Array.isArray(written)) return written as readonly string[];
  const { name, emoji } = agent?.identity ?? {};
  return [
    ...(name ? [String.raw`(?<![\p{L}\p{N}_])@?${escaped(name)}(?![\p{L}\p{N}_])`] : []),
    ...(emoji ? [escaped(emoji)] : []),
  ];
}

function escaped(text: string): string {
  return text.replaceAll(/[$()*+.?[\\\]^{|}/]/g, String.raw`\$&`);
}
