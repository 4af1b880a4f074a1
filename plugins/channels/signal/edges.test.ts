import assert from "node:assert/strict";
import { test } from "node:test";
import { receivedEvents } from "./event-stream.ts";
import { outcomeOf, refusalOf } from "./failure.ts";
import { parseReceived } from "./parse.ts";
import { normalizePerson } from "./people.ts";
import { parseTarget, recipientOf } from "./target.ts";

const READER = { accountId: "default", number: "+15550100", uuid: "0b1c2d3e-0000-4000-8000-000000000001" };
const UUID = "0b1c2d3e-0000-4000-8000-000000000002";

async function events(...chunks: string[]): Promise<string[]> {
  const found: string[] = [];
  const bytes = (async function* () {
    for (const chunk of chunks) yield Buffer.from(chunk);
  })();
  for await (const data of receivedEvents(bytes)) found.push(data);
  return found;
}

test("events are read however they are cut, spaced and ended", async () => {
  const whole = 'event:receive\ndata:{"a":1}\n\n:ping\n\nevent: other\ndata: no\n\ndata: two\r\ndata: lines\r\n\r\n';

  assert.deepEqual(await events(whole), ['{"a":1}', "two\nlines"]);
  assert.deepEqual(await events(...whole), ['{"a":1}', "two\nlines"]);
  assert.deepEqual(await events("data\n\ndata: unfinished"), [""]);
});

test("what lacks a sender, a time or words, or is the account's own, is no message", () => {
  const reasons = [
    {},
    { envelope: { timestamp: 1, dataMessage: { message: "x" } } },
    { envelope: { sourceNumber: "+15550100", timestamp: 1, dataMessage: { message: "x" } } },
    { envelope: { sourceUuid: READER.uuid.toUpperCase(), timestamp: 1, dataMessage: { message: "x" } } },
    { envelope: { sourceNumber: "+15550199", dataMessage: { message: "x" } } },
    { envelope: { sourceNumber: "+15550199", timestamp: 1, dataMessage: { message: " " } } },
    { envelope: { sourceNumber: "+15550199", timestamp: 1, syncMessage: {} } },
    { envelope: { sourceNumber: "+15550199", timestamp: 1, dataMessage: { remoteDelete: {} } } },
    { envelope: { source: "Ann", timestamp: 1, dataMessage: { message: "a name is no id" } } },
  ].map((event) => parseReceived(event, READER).what);

  assert.deepEqual(new Set(reasons), new Set(["skipped"]));
});

test("a message keeps the case of its group, its quote, its edit, and who wrote it", () => {
  const parsed = parseReceived(
    {
      envelope: {
        sourceNumber: null,
        sourceUuid: UUID,
        timestamp: 9,
        editMessage: {
          targetSentTimestamp: 5,
          dataMessage: {
            timestamp: 9,
            message: "\uFFFC and \uFFFC",
            groupInfo: { groupId: "AbC=", groupName: "Tea" },
            mentions: [
              { start: 0, length: 1, number: "+15550100" },
              { start: 6, length: 1, uuid: UUID, name: "Bob" },
            ],
            quote: { id: 3, authorNumber: "+15550100", text: "before" },
          },
        },
      },
    },
    READER,
  );

  assert.partialDeepStrictEqual(parsed, {
    what: "message",
    envelope: {
      messageId: "5",
      kind: "edit",
      revision: "9",
      text: "and @Bob",
      sender: { id: `uuid:${UUID}` },
      chatType: "group",
      chatId: "AbC=",
      replyTo: { channel: "signal", accountId: "default", to: "group:AbC=" },
      mentions: { bot: true, any: true, canDetect: true },
      quoted: { id: "3", body: "before", isBot: true },
    },
  });
});

test("targets and people in all their spellings", () => {
  const to = (raw: string) => {
    const target = parseTarget(raw);
    return target.ok ? target.to : target.error;
  };

  assert.equal(to("+1 555 0199"), "+15550199");
  assert.equal(to(UUID.toUpperCase()), `uuid:${UUID}`);
  assert.equal(
    to("group:GrOuP+id/AbCdEfGhIjKlMnOpQrStUvWxYz0123456=="),
    "group:GrOuP+id/AbCdEfGhIjKlMnOpQrStUvWxYz0123456==",
  );
  assert.equal(to("u:ann.01"), "username:ann.01");
  for (const wrong of ["Ann", "group:x", "+0123", "u:", ""]) assert.match(to(wrong), /^Unknown target/);
  assert.deepEqual(recipientOf(`uuid:${UUID}`), { recipient: [UUID] });
  assert.deepEqual(recipientOf("username:ann.01"), { username: ["ann.01"] });
  assert.equal(normalizePerson("signal:+15550199"), "+15550199");
  assert.equal(normalizePerson("Ann"), undefined);
});

test("what the daemon says decides whether a message may be sent again", () => {
  const outcome = (message: string) => outcomeOf(refusalOf(message));

  assert.partialDeepStrictEqual(outcome("Rate limit exceeded"), {
    outcome: "not_sent",
    retryable: true,
    retryAfterMs: 60_000,
  });
  assert.partialDeepStrictEqual(outcome("User +1555 is not registered."), { outcome: "not_sent", retryable: true });
  assert.partialDeepStrictEqual(outcome("Invalid group id"), { outcome: "not_sent", retryable: false });
});
