import { statSync } from "node:fs";
import { basename } from "node:path";
import { defineChannelKit } from "openclaw/plugin-sdk/testing";
import { ACCOUNT, ACCOUNT_UUID, startFakeSignal, written } from "../../fakes/signal-server.ts";

const GROUP = "GrOuP+id/AbCdEfGhIjKlMnOpQrStUvWxYz0123456==";
const MENTION = "\uFFFC ";

/** How the kit plays Signal: a daemon of signal-cli. */
export default defineChannelKit({
  channel: "signal",
  textLimit: 4_000,
  lacks: {
    secrets: "the daemon has the keys of the account; the gateway has none",
    "rate-limit": "Signal wants a captcha to be solved, and names no pause",
  },
  async start() {
    const fake = await startFakeSignal();
    const person = (number: number) => `+1555019${String(number).padStart(3, "0")}`;
    let clock = Date.now();
    return {
      section: { account: ACCOUNT, httpUrl: fake.url },
      identity: ACCOUNT,
      brokenAccount: { account: "+15550102" },
      group: {
        id: GROUP,
        target: `group:${GROUP}`,
        listed: { groups: { [GROUP]: {} } },
        unlisted: { groups: { "AnotherGroupIdAnotherGroupIdAn==": {} } },
      },
      person,
      says({ from, text, inGroup, mentionsBot, again, file }) {
        const timestamp = again === undefined ? ++clock : Number(again);
        if (file) fake.attachments.set(file.name, file.bytes);
        fake.push(
          written(mentionsBot ? MENTION + text : text, {
            from: person(from),
            timestamp,
            ...(inGroup && { group: GROUP }),
            ...(mentionsBot && { mentions: [{ start: 0, length: 1, uuid: ACCOUNT_UUID }] }),
            ...(file && {
              attachments: [{ id: file.name, contentType: file.type, filename: file.name, size: file.bytes.length }],
            }),
          }),
        );
        return String(timestamp);
      },
      sent: () =>
        fake.calls
          .filter(({ method }) => method === "send")
          .map(({ params }) => ({
            to: String(params["groupId"] ?? (params["recipient"] as string[])[0]),
            text: String(params["message"] ?? ""),
            files: ((params["attachments"] ?? []) as string[]).map((path) => ({
              name: basename(path),
              size: statSync(path, { throwIfNoEntry: false })?.size ?? 0,
            })),
          })),
      logins: () => fake.logins() + fake.streams(),
      mode(mode) {
        fake.mode(mode);
        if (mode === "drop") fake.endStreams();
      },
      garbage() {
        for (const broken of [{}, { source: null, dataMessage: 7 }, { sourceNumber: 7, dataMessage: { message: {} } }])
          fake.push(broken);
        fake.write("event:receive\ndata:{not json\n\n");
      },
      close: () => fake.close(),
    };
  },
});
