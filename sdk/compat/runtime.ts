import { runCommand } from "./command-run.ts";
import type { Established } from "./established.ts";
import { formatAgentEnvelope, formatInboundEnvelope, resolveEnvelopeFormatOptions } from "./envelope-text.ts";
import { finalizeInboundContext } from "./inbound-context.ts";
import { resolveEffectiveMessagesConfig, resolveHumanDelayConfig } from "./message-settings.ts";
import { createPushes } from "./push.ts";
import type { Dispatch } from "./reply-dispatch.ts";
import { Dispatcher, sinkOf } from "./reply-dispatcher.ts";
import type { PluginRuntime, ReplyRuntime } from "./runtime-contract.ts";
import { createSessionRuntime } from "./session-runtime.ts";
import { createSystemEvents } from "./system-events.ts";
import { UnsupportedError, withAbsent } from "./unsupported.ts";

/** The generation whose contract this layer keeps. */
const COMPATIBILITY_VERSION = "2026.2.9";

/** `api.runtime`. What it lacks reads as a function that throws when called, and is named to the operator then. */
export function createRuntime(plugin: Established, dispatch: Dispatch): PluginRuntime {
  const { gateway } = plugin;
  const refuse = (name: string) => {
    gateway.diagnose(`calls api.${name}, which this gateway does not have`, `api.${name}`);
    return new UnsupportedError(`api.${name}`, gateway.id);
  };
  const part = <T extends object>(known: T, path: string): T => withAbsent(known, path, refuse);
  const channels = Object.entries(createPushes(plugin)).map(([id, sends]) => [
    id,
    part(sends, `runtime.channel.${id}.`),
  ]);
  return part(
    {
      version: COMPATIBILITY_VERSION,
      system: part(
        {
          enqueueSystemEvent: createSystemEvents(plugin),
          runCommandWithTimeout: (argv, options) => runCommand(argv, options, gateway.signal),
        } satisfies PluginRuntime["system"],
        "runtime.system.",
      ),
      channel: part(
        {
          reply: part(createReplyRuntime(plugin, dispatch), "runtime.channel.reply."),
          session: part(createSessionRuntime(plugin), "runtime.channel.session."),
          ...(Object.fromEntries(channels) as Record<string, object>),
        },
        "runtime.channel.",
      ),
    },
    "runtime.",
  );
}

function createReplyRuntime({ gateway }: Established, { dispatch }: Dispatch): ReplyRuntime {
  return {
    finalizeInboundContext,
    formatAgentEnvelope,
    formatInboundEnvelope,
    resolveEnvelopeFormatOptions,
    resolveHumanDelayConfig,
    resolveEffectiveMessagesConfig,
    dispatchReplyWithBufferedBlockDispatcher: ({ ctx, dispatcherOptions }) =>
      dispatch(ctx, new Dispatcher(dispatcherOptions, gateway.log)),
    createReplyDispatcherWithTyping(options) {
      const markDispatchIdle = () => void options.onIdle?.();
      return { dispatcher: new Dispatcher(options, gateway.log), replyOptions: {}, markDispatchIdle };
    },
    dispatchReplyFromConfig: ({ ctx, dispatcher }) => dispatch(ctx, sinkOf(dispatcher)),
  };
}
