import { Approvals, definePlugin, Messaging, Nodes, Sessions } from "openclaw/plugin-sdk";
import type { HooksOf } from "openclaw/plugin-sdk";
import { askedActions } from "./action.ts";
import { registerApprove } from "./chat/command.ts";
import { createChatApprovals } from "./chat/forward.ts";
import { createDesk } from "./desk.ts";
import { registerFileMethods } from "./file-methods.ts";
import { registerRequestMethods } from "./request-methods.ts";
import { clientRequester, ownRequester } from "./requester.ts";

export default definePlugin((gateway) => {
  const messaging = gateway.use(Messaging);
  const chats = createChatApprovals({ gateway, messaging, sessions: gateway.use(Sessions) });
  const desk = createDesk(gateway, (): HooksOf<typeof Approvals> => hooks, chats);
  const hooks = gateway.provide(Approvals, {
    ask(action, { timeoutMs, signal } = {}) {
      const until = signal ? AbortSignal.any([signal, gateway.signal]) : gateway.signal;
      return desk.ask({ action, requester: ownRequester(), timeoutMs, signal: until });
    },
    pending: () => desk.pending(),
    resolve: (id, decision, resolvedBy) => desk.resolve(id, decision, resolvedBy),
  });

  registerFileMethods(gateway);
  registerRequestMethods(gateway, desk);
  registerApprove(gateway, desk, messaging);
  gateway.hooks
    .of(Nodes)
    .approval.tap(({ nodeId, params, client }) =>
      desk.use(askedActions(nodeId, params), clientRequester(client).identity),
    );
});
