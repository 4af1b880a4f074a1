import { defineCommand } from "openclaw/plugin-sdk";
import { act, MESSAGE_OPTIONS } from "./action.ts";
import { usage } from "./choose-channel.ts";
import { text } from "./text.ts";

/** `openclaw message react`: an emoji on a message. */
export default defineCommand({
  options: {
    ...MESSAGE_OPTIONS,
    emoji: { type: "string", alias: "e", describe: "the emoji" },
    remove: { type: "boolean", describe: "take ours away" },
  },
  async run(context) {
    const isRemoved = context.args["remove"] === true;
    const emoji = text(context.args["emoji"]);
    if (emoji === undefined && !isRemoved) throw usage("--emoji or --remove is needed", "message react");
    await act(context, "react", { emoji: isRemoved ? "" : emoji }, ({ channel, messageId }) =>
      isRemoved ? `Took the reaction from ${messageId} on ${channel}` : `Reacted to ${messageId} on ${channel}`,
    );
  },
});
