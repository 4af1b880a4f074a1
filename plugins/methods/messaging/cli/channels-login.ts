import { CliError, defineCommand } from "openclaw/plugin-sdk";
import type { GatewayClient } from "openclaw/plugin-sdk";
import { assertKnown, sectionOf } from "./channel-section.ts";
import { text } from "./text.ts";

const OFFER_MS = 180_000;
const WAIT_MS = 15_000;
const START_MS = 45_000;

interface Offer {
  readonly message: string;
  readonly qr?: string;
  readonly qrDataUrl?: string;
  readonly pairingCode?: string;
  readonly channel?: string;
  readonly accountId?: string;
}

interface Result {
  readonly connected: boolean;
  readonly message: string;
}

/** `openclaw channels login`: shows the code of an account that is to be linked, and waits for the phone. */
export default defineCommand({
  options: {
    channel: { type: "string", describe: "channel id" },
    account: { type: "string", describe: "account of the channel" },
    force: { type: "boolean", describe: "link it anew, although it is linked" },
    phone: { type: "string", describe: "link by a code that is typed into this phone, instead of a QR code" },
  },
  async run(context) {
    const { args, note, print, json, verbose } = context;
    const channel = text(args["channel"]);
    if (channel !== undefined) assertKnown(context, channel);
    const accountId = text(args["account"]);
    const phoneNumber = text(args["phone"]);
    const place = { ...(channel !== undefined && { channel }), ...(accountId !== undefined && { accountId }) };
    const ask = { ...place, ...(phoneNumber !== undefined && { phoneNumber }), ...(verbose && { verbose }) };
    const client = await context.connect();
    try {
      const deadline = performance.now() + OFFER_MS;
      let shown: string | undefined;
      for (let isFirst = true; ; isFirst = false) {
        const offer = await start(client, { ...ask, ...(isFirst && args["force"] === true && { force: true }) });
        const code = offer.pairingCode ?? offer.qr;
        if (code !== shown || isFirst) await show(offer, note, json);
        shown = code;
        const waited = { ...place, timeoutMs: WAIT_MS };
        const result = await client.request<Result>("web.login.wait", waited, { timeoutMs: WAIT_MS + START_MS });
        if (result.connected) {
          const on = channel ?? offer.channel ?? "the channel";
          print(
            { ok: true, ...result, channel: on, accountId: accountId ?? offer.accountId ?? "default" },
            result.message,
          );
          if (channel !== undefined && sectionOf(context, channel) === undefined)
            note(`${channel} begins to run with its section: openclaw channels add ${channel}`);
          return;
        }
        const isOver = code === undefined || performance.now() >= deadline;
        if (isOver) throw new CliError(result.message, { code: "NOT_LINKED" });
      }
    } finally {
      await client.close();
    }
  },
});

function start(client: GatewayClient, params: object): Promise<Offer> {
  return client.request<Offer>("web.login.start", { ...params, timeoutMs: START_MS }, { timeoutMs: 2 * START_MS });
}

/** On stderr: stdout is for the outcome. */
async function show({ message, qr, pairingCode }: Offer, note: (text: string) => void, json: boolean): Promise<void> {
  if (pairingCode !== undefined) note(`${message}\n\n  ${pairingCode}\n`);
  else if (qr !== undefined && !json) {
    const { renderUnicodeCompact } = await import("uqr");
    note(`${renderUnicodeCompact(qr, { border: 2 })}\n${message}`);
  } else note(message);
}
