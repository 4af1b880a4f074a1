import assert from "node:assert/strict";
import { suite, test } from "node:test";
import type { OutgoingMedia, ReplyPayload } from "openclaw/plugin-sdk";
import { longButton, render } from "./render.ts";
import type { Rendering } from "./render.ts";

function rendered(payload: ReplyPayload, more: Partial<Rendering> = {}) {
  const address = { channel: "telegram", accountId: "default", to: "41" };
  return render({ address, payload, linkPreview: true, buttons: true, ...more });
}

function file(kind: OutgoingMedia["kind"], contentType: string, size = 10): OutgoingMedia {
  return { path: `/m/${contentType}`, contentType, fileName: "a.bin", size, kind };
}

suite("texts", () => {
  test("what was rendered goes as HTML, with the Markdown to fall back to; everything else as it is", () => {
    const [html] = rendered({ text: "<b>x</b>", format: "native", markdown: "**x**" });
    const [plain] = rendered({ text: "a < b", format: "plain" });

    assert.deepEqual(html, {
      method: "sendMessage",
      fields: { chat_id: "41", text: "<b>x</b>", parse_mode: "HTML" },
      plain: { field: "text", text: "**x**" },
    });
    assert.deepEqual(plain, { method: "sendMessage", fields: { chat_id: "41", text: "a < b" } });
  });

  test("topic, quote, silence and no preview of links", () => {
    const address = { channel: "telegram", accountId: "default", to: "-1001", threadId: "9" };
    const [request] = rendered({ text: "x", replyToId: "7", silent: true }, { address, linkPreview: false });

    assert.deepEqual(request?.fields, {
      chat_id: "-1001",
      message_thread_id: 9,
      reply_parameters: { message_id: 7, allow_sending_without_reply: true },
      disable_notification: true,
      link_preview_options: { is_disabled: true },
      text: "x",
    });
  });

  test("the first topic of a forum is not named, and what is no id is not quoted", () => {
    const address = { channel: "telegram", accountId: "default", to: "-1001", threadId: "1" };

    assert.deepEqual(rendered({ text: "x", replyToId: "abc" }, { address })[0]?.fields, {
      chat_id: "-1001",
      text: "x",
    });
  });
});

suite("buttons", () => {
  const buttons = [
    [
      { text: "Yes", value: "y" },
      { text: "Site", url: "https://a.example" },
    ],
    [{ text: "No" }],
  ];

  test("stand below the text", () => {
    assert.deepEqual(rendered({ text: "?", buttons })[0]?.fields["reply_markup"], {
      inline_keyboard: [
        [
          { text: "Yes", callback_data: "y" },
          { text: "Site", url: "https://a.example" },
        ],
        [{ text: "No", callback_data: "No" }],
      ],
    });
  });

  test("are named in the text where they are not offered", () => {
    const [request] = rendered({ text: "?", buttons: [[{ text: "<Yes>" }]], format: "native" }, { buttons: false });

    assert.equal(request?.fields["text"], "?\n\n[&lt;Yes&gt;]");
    assert.equal("reply_markup" in (request?.fields ?? {}), false);
  });

  test("carry at most 64 bytes", () => {
    assert.equal(longButton([[{ text: "x", value: "ü".repeat(32) }]]), undefined);
    assert.equal(longButton([[{ text: "x", value: "ü".repeat(33) }]]), "ü".repeat(33));
    assert.equal(longButton([[{ text: "x".repeat(99), url: "https://a.example" }]]), undefined);
  });
});

suite("media", () => {
  test("each kind in its own form, and as a document what Telegram would not show", () => {
    const method = (one: OutgoingMedia, more: object = {}) =>
      rendered({ text: "", ...more }, { media: [one] })[0]?.method;

    assert.equal(method(file("image", "image/png")), "sendPhoto");
    assert.equal(method(file("image", "image/png", 11 * 1_048_576)), "sendDocument");
    assert.equal(method(file("image", "image/svg+xml")), "sendDocument");
    assert.equal(method(file("image", "image/gif")), "sendAnimation");
    assert.equal(method(file("video", "video/mp4")), "sendVideo");
    assert.equal(method(file("video", "video/mp4"), { gifPlayback: true }), "sendAnimation");
    assert.equal(method(file("audio", "audio/mpeg")), "sendAudio");
    assert.equal(method(file("audio", "audio/mpeg"), { asVoice: true }), "sendVoice");
    assert.equal(method(file("audio", "audio/ogg")), "sendVoice");
    assert.equal(method(file("audio", "audio/wav")), "sendDocument");
    assert.equal(method(file("sticker", "image/webp")), "sendSticker");
    assert.equal(method(file("document", "application/pdf")), "sendDocument");
  });

  test("pictures and videos are one album, with the caption on the first", () => {
    const [album, more] = rendered(
      { text: "<b>x</b>", format: "native", markdown: "**x**" },
      { media: [file("image", "image/png"), file("video", "video/mp4")] },
    );

    assert.equal(more, undefined);
    assert.equal(album?.method, "sendMediaGroup");
    assert.deepEqual(
      album?.album?.map(({ type, fields }) => [type, fields]),
      [
        ["photo", { caption: "<b>x</b>", parse_mode: "HTML" }],
        ["video", {}],
      ],
    );
    assert.deepEqual(album?.plain, { field: "caption", text: "**x**" });
  });

  test("what cannot stand together comes one after the other, and at most ten together", () => {
    const mixed = [
      file("image", "image/png"),
      file("document", "a/b"),
      file("document", "a/b"),
      file("audio", "audio/ogg"),
    ];

    assert.deepEqual(
      rendered({ text: "x", replyToId: "7" }, { media: mixed }).map(({ method, fields }) => [
        method,
        fields["caption"],
        "reply_parameters" in fields,
      ]),
      [
        ["sendPhoto", "x", true],
        ["sendMediaGroup", undefined, false],
        ["sendVoice", undefined, false],
      ],
    );
    const many = Array.from({ length: 12 }, () => file("image", "image/png"));
    assert.deepEqual(
      rendered({ text: "" }, { media: many }).map(({ album }) => album?.length),
      [10, 2],
    );
  });
});
