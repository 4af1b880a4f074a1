import { defineCommand } from "openclaw/plugin-sdk";
import { act, MESSAGE_OPTIONS } from "./action.ts";
import { usage } from "./choose-channel.ts";
import { text } from "./text.ts";

/** `openclaw message edit`: another text for a message of ours. */
export default defineCommand({
  options: { ...MESSAGE_OPTIONS, message: { type: "string", alias: "m", describe: "the new text" } },
  async run(context) {
    const message = text(context.args["message"]);
    if (message === undefined) throw usage("--message is needed", "message edit");
    await act(context, "edit", { message }, ({ channel, messageId }) => `Changed ${messageId} on ${channel}`);
  },
});
