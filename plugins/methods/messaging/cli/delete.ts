import { defineCommand } from "openclaw/plugin-sdk";
import { act, MESSAGE_OPTIONS } from "./action.ts";

/** `openclaw message delete`: takes a message of ours back. */
export default defineCommand({
  options: MESSAGE_OPTIONS,
  run: (context) => act(context, "delete", {}, ({ channel, messageId }) => `Deleted ${messageId} on ${channel}`),
});
