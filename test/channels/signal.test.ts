import assert from "node:assert/strict";
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { eventually } from "openclaw/plugin-sdk/testing";
import { ACCOUNT, startFakeSignal, written } from "../fakes/signal-server.ts";
import { freePort } from "../support/command-line.ts";
import { startSignal } from "./signal-gateway.ts";

const ANN = "+15550199";
const OPEN = { dmPolicy: "open", allowFrom: ["*"] };

test("C10, C11: styles are ranges, long answers are cut, files go both ways", async () => {
  await using bench = await startSignal(OPEN);
  const { fake, client, model } = bench;
  await bench.connected();
  const png = Buffer.from("89504e470d0a1a0a0000000d4948445200000001000000010804000000b51c0c02", "hex");
  fake.attachments.set("a.png", png);
  const code = `\`\`\`js\n${"let a = 1;\n".repeat(500)}\`\`\``;
  model.scripts.push((reply) => {
    reply.text(`**bold** and _it_\n\n${code}`);
    reply.end();
  });

  fake.push(
    written("look", {
      timestamp: 1,
      attachments: [{ id: "a.png", contentType: "image/png", filename: "a.png", size: png.length }],
    }),
  );
  const sent = await bench.sends(2);
  const workspace = join(bench.gateway.home, ".openclaw", "workspace", "note.txt");
  writeFileSync(workspace, "a note");
  await client.request("send", {
    channel: "signal",
    to: ANN,
    message: "here",
    mediaUrl: workspace,
    idempotencyKey: "m1",
  });
  const out = (await bench.sends(sent.length + 1)).at(-1);

  assert.deepEqual(sent[0]?.params["textStyle"]?.toString().split(",").slice(0, 2), ["0:4:BOLD", "9:2:ITALIC"]);
  for (const { params } of sent) assert.ok(String(params["message"]).length <= 4_000);
  assert.match(JSON.stringify(model.requests[0]?.body), /image\/png|data:image/);
  const [path] = (out?.params["attachments"] ?? []) as string[];
  assert.equal(readFileSync(String(path), "utf8"), "a note");
  assert.equal(out?.params["message"], "here");
});

test("C5, C13: policy follows the file on the same stream; a stream that ends is opened again and loses nothing", async () => {
  await using bench = await startSignal(OPEN);
  const { fake, gateway } = bench;
  await bench.connected();
  gateway.writeConfig(bench.configOf({ dmPolicy: "disabled" }));
  await eventually("the policy is live", async () => (await bench.status()).accounts[0]?.["dmPolicy"] === "disabled");
  fake.push(written("unheard", { timestamp: 1 }));
  gateway.writeConfig(bench.configOf(OPEN));
  await eventually("the policy is live", async () => (await bench.status()).accounts[0]?.["dmPolicy"] === "open");
  assert.equal(fake.streams(), 1);

  fake.push(written("one", { timestamp: 2 }));
  await bench.sends(1);
  fake.endStreams();
  await eventually("the loss is told", async () => !(await bench.status()).accounts[0]?.connected);
  fake.push(written("two", { timestamp: 3 }));
  // Cut in the middle of a line, with another line end and data of two lines.
  await bench.connected();
  const text = JSON.stringify({ account: ACCOUNT, envelope: written("three", { timestamp: 4 }) });
  const middle = text.indexOf(",") + 1;
  fake.write(
    `:keep-alive\r\n\r\nevent: receive\r\ndata: ${text.slice(0, middle)}\r\ndata:${text.slice(middle, middle + 9)}`,
  );
  fake.write(`${text.slice(middle + 9)}\r\n\r\n`);
  const sent = await bench.sends(3);

  assert.equal(sent.length, 3);
  assert.equal(fake.streams(), 2);
  assert.deepEqual(
    bench.model.requests.map(({ body }) => /one|two|three|unheard/.exec(JSON.stringify(body.messages.at(-1)))?.[0]),
    ["one", "two", "three"],
  );
});

test("C14, C15, C17: an account whose daemon is not there keeps trying, one that is unknown stops, the others go on", async () => {
  await using stranger = await startFakeSignal();
  stranger.mode("auth-fail");
  const absent = await freePort();
  await using bench = await startSignal({
    accounts: {
      good: OPEN,
      absent: { ...OPEN, account: "+15550101", httpUrl: `http://127.0.0.1:${absent}`, startupTimeoutMs: 1_000 },
      unknown: { ...OPEN, account: "+15550102", httpUrl: stranger.url },
    },
  });
  const { fake } = bench;
  await bench.connected("good");
  const issues = await eventually(
    "both are told",
    async () => {
      const found = (await bench.status()).issues;
      return new Set(found.map(({ accountId }) => accountId)).size >= 2 && found;
    },
    20_000,
  );
  fake.push(written("hi"));
  await bench.sends(1);
  await using late = await startFakeSignal(absent);
  await bench.connected("absent");

  const of = (id: string) => issues.find(({ accountId }) => accountId === id);
  assert.match(of("absent")?.message ?? "", /was not ready in 1 s/);
  assert.match(of("unknown")?.message ?? "", /does not know the account \+15550102: Specified account does not exist/);
  assert.match(of("unknown")?.fix ?? "", /signal-cli -a \+15550102 register/);
  assert.ok(late.port);
});

test("C12, C18, C20 and orders: one send for one key, what is refused is told, reactions and deletes reach the message", async () => {
  await using bench = await startSignal(OPEN);
  const { fake, client } = bench;
  await bench.connected();
  const send = (extra: object) =>
    client.request<{ messageId: string }>("send", { channel: "signal", to: ANN, message: "hi", ...extra });

  const [first, second] = [await send({ idempotencyKey: "k" }), await send({ idempotencyKey: "k" })];
  await assert.rejects(
    client.request("poll", { channel: "signal", to: ANN, question: "?", options: ["a", "b"], idempotencyKey: "p" }),
    /[Ss]ignal/,
  );
  await assert.rejects(send({ to: "nobody", idempotencyKey: "k3" }), /Unknown target "nobody" for Signal/);
  fake.push(written("to be liked", { timestamp: 77 }));
  await bench.sends(2);
  fake.push(
    written("", {
      timestamp: 78,
      reaction: {
        emoji: "❤️",
        targetAuthor: ACCOUNT,
        targetAuthorNumber: ACCOUNT,
        targetSentTimestamp: Number(first.messageId),
      },
    }),
  );

  fake.push(written("what did I do?", { timestamp: 79 }));
  await bench.sends(3);
  const told = bench.lastPrompt();
  const order = (method: string, extra: object) => {
    const idempotencyKey = `${method} ${JSON.stringify(extra)}`;
    return client.request(method, { channel: "signal", to: ANN, messageId: "77", idempotencyKey, ...extra });
  };
  await order("message.react", { emoji: "👍" });
  await order("message.react", { emoji: "" });
  await order("message.delete", { messageId: first.messageId });
  await assert.rejects(order("message.edit", { message: "other" }), /[Ss]ignal.*edit/);
  const orders = fake.calls.filter(({ method }) => method === "sendReaction" || method === "remoteDelete");
  fake.mode("rate-limit");
  await client
    .request("send", { channel: "signal", to: ANN, message: "again", idempotencyKey: "k2" }, { timeoutMs: 3_000 })
    .catch(() => undefined);
  const queue = await client.request("queue.list", {});

  assert.equal(first.messageId, second.messageId);
  assert.match(told, /Signal reaction added: ❤️ by Ann on msg/);
  assert.deepEqual(
    orders.map(({ method, params }) => [method, params["targetAuthor"], params["targetTimestamp"], params["remove"]]),
    [
      ["sendReaction", ANN, 77, undefined],
      ["sendReaction", ANN, 77, true],
      ["remoteDelete", undefined, Number(first.messageId), undefined],
    ],
  );
  assert.equal(fake.calls.filter(({ method, params }) => method === "send" && params["message"] === "hi").length, 1);
  assert.match(JSON.stringify(queue), /signalcaptchas\.org/);
});

test("the daemon is started, watched and ended with the account; what it lacks is said", async () => {
  const folder = mkdtempSync(join(tmpdir(), "openclaw-signal-"));
  const script = (name: string, text: string) => {
    const path = join(folder, name);
    writeFileSync(path, `#!/bin/sh\n${text}\n`);
    chmodSync(path, 0o755);
    return path;
  };
  const port = await freePort();
  const server = `import { createServer } from "node:http"; const [host, port] = process.argv.at(-1).split(":"); createServer((q, r) => { if (q.url.startsWith("/api/v1/events")) { r.writeHead(200, {"content-type":"text/event-stream"}); r.write(":\\n\\n"); return; } if (q.url === "/api/v1/check") return void r.end(); let b = ""; q.on("data", (d) => (b += d)).on("end", () => { const { id, method } = JSON.parse(b); r.end(JSON.stringify({ jsonrpc: "2.0", id, result: method === "version" ? { version: "9" } : [] })); }); }).listen(Number(port), host); process.on("SIGTERM", () => process.exit(0));`;
  writeFileSync(join(folder, "daemon.mjs"), server);
  const good = script(
    "good",
    `echo "$@" > ${folder}/args; echo $$ > ${folder}/pid; exec ${process.execPath} ${folder}/daemon.mjs 127.0.0.1:${port}`,
  );
  const old = script("old", "echo 'java.lang.UnsupportedClassVersionError: class file version 65.0' >&2; exit 1");
  {
    await using bench = await startSignal({
      httpUrl: undefined,
      accounts: {
        good: { cliPath: good, httpPort: port, httpUrl: undefined, ignoreStories: true },
        missing: { cliPath: join(folder, "none"), account: "+15550101", httpPort: await freePort() },
        java: { cliPath: old, account: "+15550102", httpPort: await freePort() },
      },
    });
    await bench.connected("good");
    const issues = await eventually(
      "both are told",
      async () => {
        const found = (await bench.status()).issues;
        return new Set(found.map(({ accountId }) => accountId)).size >= 2 && found;
      },
      20_000,
    );
    const textOf = (id: string) => issues.find(({ accountId }) => accountId === id)?.message ?? "";
    assert.match(textOf("missing"), /signal-cli was not found at ".*none"/);
    assert.match(textOf("java"), /needs a newer Java \(21 or later\)/);
    assert.match(
      readFileSync(join(folder, "args"), "utf8"),
      new RegExp(`^-a \\${ACCOUNT} daemon --http 127\\.0\\.0\\.1:${port} --no-receive-stdout --ignore-stories\\n$`),
    );
  }
  const pid = Number(readFileSync(join(folder, "pid"), "utf8"));
  assert.throws(() => process.kill(pid, 0), { code: "ESRCH" });
  rmSync(folder, { recursive: true });
});
