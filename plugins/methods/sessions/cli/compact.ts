import { defineCommand } from "openclaw/plugin-sdk";
import { ofSession } from "./of-session.ts";

interface Answer {
  readonly key: string;
  readonly compacted: boolean;
  readonly kept?: number;
  readonly archived?: string;
  readonly reason?: string;
}

/** `openclaw sessions compact <key>`: make its transcript shorter. */
export default defineCommand({
  options: { "max-lines": { type: "number", describe: "keep so many of the newest lines" } },
  async run(context) {
    const answer = await ofSession<Answer>(context, "sessions.compact", { maxLines: context.args["max-lines"] });
    const { key, compacted, kept, archived, reason } = answer;
    const whole = archived === undefined ? "" : `; the whole of it is ${context.tilde(archived)}`;
    const why = reason ?? (kept === undefined ? "nothing to compact" : `${kept} lines are few enough`);
    context.print(answer, compacted ? `${key} is shorter now${whole}` : `${key} is as it was: ${why}`);
  },
});
