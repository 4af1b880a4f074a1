import { appendFile, mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";

interface CommandEvent {
  readonly action: string;
  readonly sessionKey: string;
  readonly timestamp: Date;
  readonly context: { readonly stateDir: string; readonly senderId?: string; readonly commandSource?: string };
}

export default async function log({ action, sessionKey, timestamp, context }: CommandEvent): Promise<void> {
  const file = join(context.stateDir, "logs", "commands.log");
  const { senderId = "unknown", commandSource = "unknown" } = context;
  const line = { timestamp: timestamp.toISOString(), action, sessionKey, senderId, source: commandSource };
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  await appendFile(file, `${JSON.stringify(line)}\n`, { mode: 0o600 });
}
