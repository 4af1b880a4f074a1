import { defineCommand } from "openclaw/plugin-sdk";
import { ofSession } from "./of-session.ts";

/** `openclaw sessions reset <key>`: begin it anew. */
export default defineCommand({
  async run(context) {
    const answer = await ofSession<{ key: string; entry: { sessionId: string } }>(context, "sessions.reset");
    context.print(answer, `${answer.key} begins anew as ${answer.entry.sessionId}`);
  },
});
