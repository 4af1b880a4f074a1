import { Agents, definePlugin, Messaging, Sessions, Type } from "openclaw/plugin-sdk";

/** Hears what happens to messages, sessions and turns, and counts how often it was asked for its tool. */
export default definePlugin((gateway) => {
  const heard = new Set<string>();
  let looked = 0;
  const agents = gateway.hooks.of(Agents);
  agents.runEvent.tap(() => void heard.add("runEvent"));
  agents.othersSpeak.tap(() => void heard.add("othersSpeak"));
  agents.bootstrapFiles.tap((files) => {
    heard.add("bootstrapFiles");
    return files;
  });
  agents.beforeTurn.tap((prompt) => {
    heard.add("beforeTurn");
    return prompt;
  });
  agents.beforeModelCall.tap((messages) => {
    heard.add("beforeModelCall");
    return messages;
  });
  agents.modelPart.tap(() => void heard.add("modelPart"));
  agents.afterTurn.tap(() => void heard.add("afterTurn"));
  gateway.hooks.of(Messaging).received.tap(() => void heard.add("received"));
  gateway.hooks.of(Sessions).started.tap(() => void heard.add("started"));
  gateway.hooks.of(Sessions).changed.tap(() => void heard.add("changed"));
  agents.tool.for("overhear").tap(
    {
      description: "never there",
      parameters: Type.Object({}),
      isAvailable: () => {
        looked++;
        return false;
      },
    },
    () => ({ content: [] }),
  );
  gateway.method({
    name: "overhearer.heard",
    scope: "operator.read",
    params: Type.Object({}),
    handle: () => ({ heard: [...heard].toSorted(), looked }),
  });
});
