import assert from "node:assert/strict";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { eventually } from "openclaw/plugin-sdk/testing";
import { modelConfig, startFakeOpenAi } from "../fakes/openai-server.ts";
import { startLab } from "./lab-gateway.ts";
import type { Lab, Sent } from "./lab-gateway.ts";

const PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
const OPEN = { dmPolicy: "open", allowFrom: ["*"] };

interface Shown {
  readonly what: string;
  readonly ref?: string;
}

async function downloads(lab: Lab): Promise<(string | undefined)[]> {
  const { shown } = await lab.client.request<{ shown: Shown[] }>("lab.shown", {});
  return shown.filter(({ what }) => what === "download").map(({ ref }) => ref);
}

function inbound({ gateway }: Lab): string[] {
  const folder = join(gateway.stateDir, "media", "inbound");
  return existsSync(folder) ? readdirSync(folder) : [];
}

/** A gateway whose agent is asked, and says what its answers are. */
async function withModel(lab: object, home?: string) {
  const model = await startFakeOpenAi();
  const { agents, ...others } = modelConfig(model);
  const defaults = { ...agents.defaults, ...(home !== undefined && { workspace: join(home, "ws") }) };
  const rest = { ...others, agents: { ...agents, defaults }, gateway: { shutdownTimeoutMs: 500 } };
  const started = await startLab({ ...OPEN, ...lab }, rest, home);
  return {
    lab: started,
    model,
    async [Symbol.asyncDispose]() {
      await started[Symbol.asyncDispose]();
      await model[Symbol.asyncDispose]();
    },
  };
}

test("attachments of whom is heard reach the model; those of strangers are not downloaded", async () => {
  const files = {
    cat: { base64: PNG },
    notes: { base64: Buffer.from("to do").toString("base64"), fileName: "to do.txt" },
    large: { zeros: 3_000_000, contentType: "application/zip" },
    broken: { fail: "connection reset" },
  };
  const lab = { dmPolicy: "allowlist", allowFrom: ["ann"], mediaMaxMb: 1, traits: { files } };
  await using bench = await withModel(lab);
  const pending = (ref: string, kind = "document") => ({ ref, kind, status: "pending" });
  const media = [pending("cat", "image"), pending("notes"), pending("large"), pending("broken")];

  await bench.lab.says({ id: "stranger", from: "bob", text: "look", media });
  await bench.lab.says({ id: "friend", from: "ann", text: "look", media });
  await bench.lab.ended("friend", "done");
  await bench.lab.ended("stranger", "refused");

  assert.deepEqual((await downloads(bench.lab)).toSorted(), ["broken", "broken", "cat", "large", "notes"]);
  const names = inbound(bench.lab).toSorted();
  assert.equal(names.length, 2, String(names));
  assert.match(String(names[0]), /^image---.*\.png$/);
  assert.match(String(names[1]), /^to_do---.*\.txt$/);
  const asked = JSON.stringify(bench.model.requests.at(-1)?.body);
  assert.match(asked, /data:image\/png;base64,iVBOR/);
  assert.match(asked, /\[attached to do\.txt: [^\]]*to_do---[^\]]* \(text\/plain\)\]/);
  assert.match(asked, /\[the attachment was too large\]/);
  assert.match(asked, /\[the attachment could not be downloaded\]/);
});

test("a message without text and with what is too large still has its turn", async () => {
  await using bench = await withModel({ traits: { files: {} } });

  await bench.lab.says({
    id: "huge",
    text: "",
    media: [{ kind: "video", ref: "x", size: 90_000_000, status: "pending" }],
  });
  await bench.lab.ended("huge", "done");

  assert.deepEqual(await downloads(bench.lab), []);
  assert.match(JSON.stringify(bench.model.requests.at(-1)?.body), /<media:video>\\n\[the attachment was too large\]/);
});

test("a turn that is run again after a restart has its attachments without another download", async () => {
  const home = mkdtempSync(join(tmpdir(), "openclaw-media-"));
  const lab = { traits: { files: { cat: { base64: PNG } } } };
  try {
    {
      await using bench = await withModel(lab, home);
      bench.model.scripts.push((reply) => reply.text("half an answ"));
      await bench.lab.says({ id: "m", text: "look", media: [{ kind: "image", ref: "cat", status: "pending" }] });
      await eventually("the turn runs", () => bench.model.requests.length === 1);
    }
    await using bench = await withModel(lab, home);
    await bench.lab.ended("m", "done");

    assert.deepEqual(await downloads(bench.lab), []);
    assert.equal(inbound(bench.lab).length, 1);
    assert.match(JSON.stringify(bench.model.requests.at(-1)?.body), /data:image\/png;base64,iVBOR/);
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
});

test("files go out from the workspace and from public addresses, one message each, with a caption that fits", async () => {
  const home = mkdtempSync(join(tmpdir(), "openclaw-media-"));
  const server = createServer((request, response) => {
    if (request.url === "/gone") response.writeHead(404).end();
    else response.writeHead(200, { "content-type": "text/html" }).end(Buffer.from(PNG, "base64"));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const traits = { capabilities: { media: true, reply: true }, limits: { caption: 10 } };
  const rest = {
    agents: { defaults: { workspace: join(home, "ws") } },
    messages: { media: { dangerouslyAllowHosts: [host] } },
  };
  mkdirSync(join(home, "ws"));
  writeFileSync(join(home, "ws", "report.txt"), "all is well");
  writeFileSync(join(home, "secret.txt"), "secret");
  symlinkSync(join(home, "secret.txt"), join(home, "ws", "link.txt"));
  writeFileSync(join(home, "ws", "large.bin"), Buffer.alloc(2_000_000));
  try {
    await using lab = await startLab({ traits, mediaMaxMb: 1 }, rest, home);
    let count = 0;
    const send = (params: object) =>
      lab.client.request<{ messageId?: string }>("send", {
        channel: "lab",
        to: "ann",
        message: "",
        idempotencyKey: `k${++count}`,
        ...params,
      });

    await send({ mediaUrl: "report.txt" });
    await send({ message: "short", mediaUrls: [`http://${host}/cat%201.png`, join(home, "ws", "report.txt")] });
    await send({ message: "longer than the caption", mediaUrl: "report.txt" });
    const said = ({ payload, media = [] }: Sent) => [payload.text, ...media.map(({ fileName }) => fileName)];
    const sent = await lab.sent();

    assert.deepEqual(sent.map(said), [
      ["", "report.txt"],
      ["short", "cat 1.png"],
      ["", "report.txt"],
      ["", "report.txt"],
      ["longer than the caption"],
    ]);
    const [report, cat] = sent.map(({ media }) => media?.[0]);
    assert.deepEqual([report?.contentType, report?.text, report?.size], ["text/plain", "all is well", 11]);
    assert.deepEqual([cat?.contentType, cat?.kind], ["image/png", "image"]);
    await eventually(
      "nothing is left of them",
      () => readdirSync(join(lab.gateway.stateDir, "media/outbound")).length === 0,
    );

    await assert.rejects(send({ message: "x", mediaUrl: "link.txt" }), {
      code: "INVALID_REQUEST",
      message: /only files from there/,
    });
    await assert.rejects(send({ mediaUrl: join(lab.gateway.stateDir, "openclaw.json") }), /only files from there/);
    await assert.rejects(send({ mediaUrl: "../secret.txt" }), /only files from there/);
    await assert.rejects(send({ mediaUrl: "gone.txt" }), { message: "there is no file gone.txt" });
    await assert.rejects(send({ mediaUrl: `http://${host}/gone` }), {
      message: /^Error: gone cannot be sent: .* answered 404$/,
    });
    await assert.rejects(send({ mediaUrl: "large.bin" }), {
      message: /^Error: large.bin cannot be sent: it is larger than 1 MB/,
    });
    await assert.rejects(send({ mediaUrl: "http://localhost:1/x" }), { message: /^Error: x cannot be sent/ });
    await assert.rejects(send({}), { code: "INVALID_REQUEST", message: /^invalid send params: at \/message/ });
    assert.equal((await lab.sent()).length, 5);
  } finally {
    server.close();
    rmSync(home, { recursive: true, force: true });
  }
});

test("an answer whose file cannot be had goes without it and says so", async () => {
  const traits = { capabilities: { media: true } };
  await using bench = await withModel({ traits });
  bench.model.scripts.push((reply) => {
    reply.text("Here it is\nMEDIA: /etc/hostname\n");
    reply.end();
  });

  await bench.lab.says({ id: "m", text: "send me the file" });
  const [sent] = await bench.lab.sends(1);

  assert.match(String(sent?.payload.text), /^Here it is\n\n\[\/etc\/hostname is neither in the workspace/);
  assert.equal(sent?.media, undefined);
});

test("an answer whose file the network refuses is said without it", async () => {
  const home = mkdtempSync(join(tmpdir(), "openclaw-media-"));
  try {
    await using bench = await withModel({ traits: { capabilities: { media: true }, limits: { caption: 5 } } }, home);
    mkdirSync(join(home, "ws"));
    writeFileSync(join(home, "ws", "cat.png"), Buffer.from(PNG, "base64"));
    bench.model.scripts.push((reply) => {
      reply.text("Here is the cat\nMEDIA: cat.png\n");
      reply.end();
    });
    await bench.lab.script({ outcome: "not_sent", retryable: false, reason: "no such format" });

    await bench.lab.says({ id: "m", text: "send me the cat" });
    const sent = await bench.lab.sends(3);

    assert.deepEqual(
      sent.map(({ payload, outcome, media }) => [outcome, payload.text, media?.length]),
      [
        ["not_sent", "", 1],
        ["sent", "[cat.png cannot be sent: no such format]", undefined],
        ["sent", "Here is the cat", undefined],
      ],
    );
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
});
