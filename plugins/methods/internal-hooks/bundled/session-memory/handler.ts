import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

interface Message {
  readonly role: string;
  readonly content: readonly { readonly type: string; readonly text?: string }[];
}

interface SessionEvent {
  readonly sessionKey: string;
  readonly timestamp: Date;
  readonly context: {
    readonly workspaceDir: string;
    readonly session?: { readonly entry: { readonly sessionId: string } };
    readonly messages: (session: object, limit: number) => Promise<readonly Message[]>;
  };
}

const MESSAGES = 30;
const MAX_TEXT = 4_000;

export default async function remember({ sessionKey, timestamp, context }: SessionEvent): Promise<void> {
  const { session, workspaceDir } = context;
  if (!session) return;
  const messages = await context.messages(session, MESSAGES);
  const said = messages.flatMap(({ role, content }) => {
    const text = content.flatMap((block) => (block.type === "text" && block.text ? [block.text] : [])).join("\n");
    return (role === "user" || role === "assistant") && text.trim() !== ""
      ? [{ role, text: text.slice(0, MAX_TEXT) }]
      : [];
  });
  if (said.length === 0) return;
  const [date = "", time = ""] = timestamp.toISOString().split("T");
  const head = `# ${date} ${time.slice(0, 8)} UTC\n\n- Session: ${sessionKey}\n- Session id: ${session.entry.sessionId}\n`;
  const body = said.map(({ role, text }) => `**${role}:** ${text}\n`).join("\n");
  const folder = join(workspaceDir, "memory");
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const name = `${date}-${time.slice(0, 8).replaceAll(":", "")}-${slug(said[0]?.text ?? "")}.md`;
  await writeFile(join(folder, name), `${head}\n${body}`, { mode: 0o600 });
}

function slug(text: string): string {
  const words =
    text
      .replace(/^\[[^\]]*\]\s*/, "")
      .toLowerCase()
      .match(/[\p{L}\p{N}]+/gu) ?? [];
  return words.slice(0, 5).join("-").slice(0, 40) || "session";
}
