import assert from "node:assert/strict";
import { test } from "node:test";
import type { OutboxEntry, OutgoingMedia } from "openclaw/plugin-sdk";
import { refusalOf } from "./delivery.ts";
import { messageIdOf, piecesOf } from "./outgoing.ts";

function entry(payload: OutboxEntry["payload"], media?: readonly OutgoingMedia[]): OutboxEntry {
  return {
    id: "e1",
    address: { channel: "whatsapp", accountId: "default", to: "1@s.whatsapp.net" },
    payload,
    ...(media && { media }),
    state: "attempting",
    attempt: 1,
    createdAt: 0,
    nextAttemptAt: 0,
  };
}

function file(kind: OutgoingMedia["kind"], contentType: string): OutgoingMedia {
  return { kind, contentType, path: `/tmp/${kind}`, fileName: `${kind}.bin`, size: 1 };
}

const contents = (...given: Parameters<typeof entry>) => piecesOf(entry(...given)).map(({ content }) => content);

test("a text is one message without a preview of its links, and its id is the same at each attempt", () => {
  const [piece] = piecesOf(entry({ text: "see https://a.example" }));

  assert.deepEqual(piece, {
    messageId: messageIdOf("e1"),
    content: { text: "see https://a.example", linkPreview: null },
  });
  assert.match(messageIdOf("e1"), /^3EB0[0-9A-F]{18}$/);
  assert.notEqual(messageIdOf("e1"), messageIdOf("e1", 1));
  assert.deepEqual(piecesOf(entry({ text: "" })), []);
});

test("the text rides on the first file, but never on a sound", () => {
  const image = file("image", "image/png");
  const pdf = file("document", "application/pdf");
  const voice = file("audio", "audio/ogg");

  assert.deepEqual(contents({ text: "two" }, [image, pdf]), [
    { image: { url: "/tmp/image" }, mimetype: "image/png", jpegThumbnail: "", caption: "two" },
    { document: { url: "/tmp/document" }, mimetype: "application/pdf", fileName: "document.bin" },
  ]);
  assert.deepEqual(contents({ text: "listen", asVoice: true }, [voice]), [
    { text: "listen", linkPreview: null },
    { audio: { url: "/tmp/audio" }, mimetype: "audio/ogg; codecs=opus", ptt: true },
  ]);
  assert.deepEqual(contents({ text: "" }, [file("audio", "audio/mpeg")]), [
    { audio: { url: "/tmp/audio" }, mimetype: "audio/mpeg", ptt: false },
  ]);
  assert.deepEqual(contents({ text: "", gifPlayback: true }, [file("video", "video/mp4")]), [
    { video: { url: "/tmp/video" }, mimetype: "video/mp4", jpegThumbnail: "", gifPlayback: true },
  ]);
});

test("a poll lets so many be chosen as there are at most", () => {
  const poll = { question: "Lunch?", options: ["a", "b"], maxSelections: 5 };

  assert.deepEqual(contents({ text: "", poll }), [
    { poll: { name: "Lunch?", values: ["a", "b"], selectableCount: 2 } },
  ]);
});

test("what the network answers is sent, for now not, or never", () => {
  const of = (error?: string) => refusalOf({ attrs: error === undefined ? {} : { error } });

  assert.equal(of(), undefined);
  assert.deepEqual(
    [of("463"), of("429"), of("479"), of("503"), of("404")].map((one) => one?.outcome === "not_sent" && one.retryable),
    [false, true, true, true, false],
  );
});
