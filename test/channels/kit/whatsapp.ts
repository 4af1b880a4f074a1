import { readFileSync } from "node:fs";
import { join } from "node:path";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { defineChannelKit } from "openclaw/plugin-sdk/testing";
import type { KitMessage } from "openclaw/plugin-sdk/testing";
import { selfSigned } from "../../../kernel/tls/certificate.ts";
import { linkAccount } from "../../fakes/whatsapp/linked.ts";
import { node, numberOf } from "../../fakes/whatsapp/peer.ts";
import { FakeWhatsApp } from "../../fakes/whatsapp/server.ts";
import type { InboundMessage } from "../../fakes/whatsapp/server.ts";
import { GROUP, QUICK } from "../whatsapp-gateway.ts";

// The library asks for files over https only.
const tls = selfSigned(["127.0.0.1"], 2);
setDefaultCACertificates([...getCACertificates("default"), tls.cert]);
let count = 0;

/** How the kit plays WhatsApp: the network of linked devices. */
export default defineChannelKit({
  channel: "whatsapp",
  async start() {
    const network = await FakeWhatsApp.start({ tls });
    const person = (number: number) => `+1555000000${number}`;
    const jid = (number: number) => `${person(number).slice(1)}@s.whatsapp.net`;
    network.groups.set(GROUP, { subject: "Team", members: [jid(1), jid(2)] });
    const secrets: string[] = [];

    async function inbound({ from, text, inGroup, mentionsBot, file }: KitMessage): Promise<InboundMessage> {
      const written = mentionsBot ? `@15550009999 ${text}` : text;
      const picture = file && { ...(await network.media.put(file.bytes, "image")), mimetype: file.type };
      return {
        from: person(from),
        ...(inGroup && { group: GROUP }),
        ...(picture ? { message: { imageMessage: { ...picture, caption: written } } } : { text: written }),
      };
    }

    return {
      section: { wsUrl: network.wsUrl },
      config: { web: QUICK },
      identity: "+15550009999",
      // It names no pause: the gateway's own, of chance length, counts.
      rateLimitMs: 0,
      secrets,
      brokenAccount: { wsUrl: "ws://127.0.0.1:9/ws/chat" },
      group: {
        id: GROUP,
        listed: { groups: { [GROUP]: {} } },
        unlisted: { groups: { "120363000000000099@g.us": {} } },
      },
      person,
      prepare(stateDir) {
        if (secrets.length > 0) return;
        const folder = linkAccount(stateDir);
        const { noiseKey, advSecretKey } = JSON.parse(readFileSync(join(folder, "creds.json"), "utf8")) as {
          readonly noiseKey: { readonly private: { readonly data: string } };
          readonly advSecretKey: string;
        };
        secrets.push(noiseKey.private.data, advSecretKey);
      },
      async says(given) {
        const id = given.again ?? `KIT${++count}`;
        const message = { ...(await inbound(given)), id };
        return network.isOnline ? network.push(message) : network.leave(message);
      },
      sent: () => [...new Map(network.sent.map((one) => [one.id, one])).values()].map(shown),
      arrived: () => network.arrived.size,
      logins: () => network.connections,
      mode(mode) {
        if (mode === "lost") network.losesNextAck = true;
        else network.mode(mode);
        if (mode === "drop") network.cut();
      },
      async garbage() {
        await network.push({ from: person(1), message: {} });
        await network.push({ from: "nobody@nowhere", message: { conversation: "" } });
        await (await network.session()).send(node("notification", { id: "kit", type: "unheard-of" }));
      },
      close: () => network.close(),
    };
  },
});

function shown({ to, text, message }: FakeWhatsApp["sent"][number]) {
  const file = message.imageMessage ?? message.documentMessage;
  return {
    to: to.endsWith("@g.us") ? to : `+${numberOf(to)}`,
    text: text === "" ? ((message.pollCreationMessageV3 ?? message.pollCreationMessage)?.name ?? "") : text,
    files: file ? [{ size: Number(file.fileLength) }] : [],
  };
}
