import { defineCommand } from "openclaw/plugin-sdk";
import { ofSession } from "./of-session.ts";

interface Answer {
  readonly key: string;
  readonly deleted: boolean;
  readonly archived: readonly string[];
}

/** `openclaw sessions delete <key>`: forget it. Its transcript is put aside, or left where it is. */
export default defineCommand({
  options: { "keep-transcript": { type: "boolean", describe: "leave the transcript where it is" } },
  async run(context) {
    const deleteTranscript = context.args["keep-transcript"] !== true;
    const answer = await ofSession<Answer>(context, "sessions.delete", { deleteTranscript });
    const where = answer.archived.map((path) => `\n  ${context.tilde(path)}`).join("");
    context.print(answer, answer.deleted ? `deleted ${answer.key}${where}` : `there is no session ${answer.key}`);
    return answer.deleted ? 0 : 1;
  },
});
