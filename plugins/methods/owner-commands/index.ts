import { Config, definePlugin, Gateway, Messaging, System } from "openclaw/plugin-sdk";
import type { CommandCall, ReplyPayload } from "openclaw/plugin-sdk";
import { allowlist } from "./allowlist.ts";
import { configCommand } from "./config.ts";
import { debug } from "./debug.ts";
import { problemOf } from "./edit.ts";
import { closedGate } from "./gate.ts";
import { registerGatewayTool } from "./gateway-tool.ts";
import { restart } from "./restart.ts";

/** Commands that change the gateway itself (channels.md §1.15). Each has a switch that is off by default. */
export default definePlugin((gateway) => {
  const parts = {
    gateway,
    config: gateway.use(Config),
    system: gateway.use(System),
    kernel: gateway.use(Gateway),
    messaging: gateway.use(Messaging),
  };
  const command = (
    name: string,
    description: string,
    keys: { readonly key: string; readonly writes?: true },
    answer: (call: CommandCall) => string | Promise<string>,
  ): void => {
    const options = { description, acceptsArgs: true, ownerOnly: true, yields: true };
    gateway.hooks
      .of(Messaging)
      .command.for(name)
      .tap(options, async (call): Promise<ReplyPayload> => ({
        text: closedGate(call, keys, gateway.settings) ?? (await said(answer, call)),
        format: "plain",
      }));
  };

  command("restart", "restart the gateway", { key: "restart" }, (call) => restart(call, parts));
  const configHelp = "read and change the configuration: show, get, set, unset";
  command("config", configHelp, { key: "config", writes: true }, (call) => configCommand(call, parts));
  const listHelp = "who may write to this account: list, add, remove";
  command("allowlist", listHelp, { key: "config", writes: true }, (call) => allowlist(call, parts));
  const debugHelp = "what the gateway is doing; settings for this run alone: show, set, unset, reset";
  command("debug", debugHelp, { key: "debug" }, (call) => debug(call, parts));
  registerGatewayTool(parts);
});

/** What is wrong is the answer too. */
async function said(answer: (call: CommandCall) => string | Promise<string>, call: CommandCall): Promise<string> {
  try {
    return await answer(call);
  } catch (error) {
    return `/${call.name} was not done: ${problemOf(error)}.`;
  }
}
