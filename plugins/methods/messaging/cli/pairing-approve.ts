import { CliError, defineCommand } from "openclaw/plugin-sdk";
import { PairingStore } from "../pairing-store.ts";
import { withGatewayOrFiles } from "./pairing-place.ts";
import { text } from "./text.ts";

interface Approved {
  readonly ok: true;
  readonly channel: string;
  readonly accountId: string;
  readonly id: string;
}

/** `openclaw pairing approve [channel] <code>` (cli.md §6). Works without a gateway. */
export default defineCommand({
  options: {
    account: { type: "string", describe: "account of the channel" },
    notify: { type: "boolean", describe: "tell them on the channel" },
  },
  async run(context) {
    const { args, print, note, stateDir, config } = context;
    const [first, second] = [text(args["channel"]), text(args["code"])];
    const [channel, code] = second === undefined ? [undefined, first as string] : [first, second];
    const accountId = text(args["account"]);
    const notify = args["notify"] === true;
    const params = {
      code,
      ...(channel !== undefined && { channel }),
      ...(accountId !== undefined && { accountId }),
      ...(notify && { notify }),
    };
    const store = new PairingStore(stateDir);
    const approved = await withGatewayOrFiles<Approved>(
      context,
      (client) => client.request("pairing.approve", params),
      async () => {
        const ids = Object.keys(config.get<object>("channels") ?? {}).filter((id) => id !== "defaults");
        for (const id of channel === undefined ? ids : [channel]) {
          const request = await store.approve({ channel: id, accountId }, code);
          if (!request) continue;
          if (notify) note("the gateway does not run, so nobody was told");
          return { ok: true, channel: id, accountId: accountId ?? "default", id: request.id };
        }
        throw new CliError(`no pending pairing request has the code ${code.slice(0, 16)}`, { code: "NOT_FOUND" });
      },
    );
    print(approved, `Approved ${approved.id} on ${approved.channel}`);
  },
});
