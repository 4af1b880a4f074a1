import assert from "node:assert/strict";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { MediaLinks } from "../../plugins/methods/messaging/media/link.ts";
import { createWorkshop, enabled, method, offering } from "../plugins/workshop.ts";
import { startHttpBench } from "./http-bench.ts";
import type { HttpBench } from "./http-bench.ts";

const PNG = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
  "base64",
);
const MEDIA = "/__openclaw__/media";
const idOf = (digit: string) => `${digit.repeat(8)}-0000-4000-8000-000000000000`;

/** Puts files where the gateway keeps those of messages. Returns the path of the last one. */
function store({ gateway }: HttpBench, files: Readonly<Record<string, string | Buffer>>): string {
  const folder = join(gateway.stateDir, "media", "inbound");
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content, { mode: 0o600 });
  return join(folder, Object.keys(files).at(-1) ?? "");
}

test("a stored file is read by its id, shown when it is a picture and handed over when it could run", async () => {
  await using bench = await startHttpBench();
  store(bench, {
    [`a cät---${idOf("1")}.png`]: PNG,
    [`drawing---${idOf("2")}.svg`]: "<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
    [`page---${idOf("3")}.html`]: "<script>alert(1)</script>",
  });
  const get = (digit: string, headers = {}) => bench.ask(`${MEDIA}/${idOf(digit)}`, undefined, { headers });

  const [picture, drawing, page, part] = await Promise.all([
    get("1"),
    get("2"),
    get("3"),
    get("3", { range: "bytes=0-7" }),
  ]);

  assert.deepEqual(
    [picture, drawing, page].map(({ status, headers }) => [
      status,
      headers.get("content-type"),
      headers.get("content-disposition"),
    ]),
    [
      [200, "image/png", "inline; filename*=UTF-8''a%20c%C3%A4t.png"],
      [200, "image/svg+xml", "attachment; filename*=UTF-8''drawing.svg"],
      [200, "text/html", "attachment; filename*=UTF-8''page.html"],
    ],
  );
  for (const { headers } of [picture, drawing, page]) {
    assert.equal(headers.get("x-content-type-options"), "nosniff");
    assert.equal(headers.get("content-security-policy"), "default-src 'none'; sandbox");
    assert.match(headers.get("cache-control") ?? "", /no-store/);
  }
  assert.deepEqual([part.status, part.text, part.headers.get("content-range")], [206, "<script>", "bytes 0-7/25"]);
});

test("S-28 nothing but a stored file is reached, and not without a credential", async () => {
  await using bench = await startHttpBench();
  const stored = store(bench, { [`one---${idOf("1")}.txt`]: "one" });
  symlinkSync(join(bench.gateway.stateDir, "openclaw.json"), join(stored, "..", `link---${idOf("2")}.json`));
  mkdirSync(join(stored, "..", `folder---${idOf("3")}`));
  const path = `${MEDIA}/${idOf("1")}`;

  assert.equal((await bench.ask(path)).text, "one");
  for (const token of [null, "wrong"]) assert.equal((await bench.ask(path, undefined, { token })).status, 401);
  for (const wrong of [
    "",
    "/",
    `/${idOf("2")}`,
    `/${idOf("3")}`,
    `/${idOf("4")}`,
    `/one---${idOf("1")}.txt`,
    `/${idOf("1")}/`,
    `/${idOf("1")}%2f..`,
    `/inbound/${idOf("1")}`,
    "/..%2f..%2fopenclaw.json",
    "/%2e%2e%2fopenclaw.json",
    "/%252e%252e%252fopenclaw.json",
    "/..%5copenclaw.json",
    `/${idOf("1").slice(0, 8)}`,
    "/---",
    "/.",
  ]) {
    const { status, text } = await bench.ask(`${MEDIA}${wrong}`);
    assert.deepEqual([status, text], [404, "Not Found"], wrong);
  }
});

test("an address with a signature is a credential for one file, and for ten minutes", async (context) => {
  using shop = createWorkshop();
  const link = `gateway.use((await import("openclaw/plugin-sdk")).Messaging).mediaLink("/x/one---${idOf("1")}.txt")`;
  const folder = shop.plugin("linker", method("linker.link", `({ path: ${link} })`), {
    requires: ["messaging"],
    ...offering("linker.link"),
  });
  await using bench = await startHttpBench({ plugins: enabled(folder) });
  store(bench, { [`one---${idOf("1")}.txt`]: "one", [`two---${idOf("2")}.txt`]: "two" });
  const client = await bench.gateway.client();
  const { path } = await client.request<{ path: string }>("linker.link", {});
  const ask = async (address: string) => {
    const { status, text } = await bench.ask(address, undefined, { token: null });
    return [status, status === 200 ? text : ""];
  };

  assert.deepEqual(await ask(path), [200, "one"]);
  for (const other of [
    path.replace(idOf("1"), idOf("2")),
    path.replace(/exp=(\d)/, "exp=9$1"),
    path.replace(/sig=./, "sig=_"),
    path.replace(/&sig=.*/, ""),
    path.replace(/&sig=.*/, "&sig="),
    path.replace(/exp=\d+&/, ""),
  ])
    assert.deepEqual(await ask(other), [401, ""], other);
  context.mock.timers.enable({ apis: ["Date"], now: Date.now() + 601_000 });
  assert.deepEqual(await ask(path), [410, ""]);
});

test("a signed address that is over says so, whatever else is right, and files elsewhere have none", () => {
  const links = new MediaLinks();
  const now = Date.now();
  const url = new URL(links.of(`/media/one---${idOf("1")}.txt`, now) ?? "", "http://gateway");

  assert.equal(links.check(url, now + 599_000), "open");
  assert.equal(links.check(url, now + 601_000), "expired");
  assert.equal(new MediaLinks().check(url, now), undefined);
  for (const path of ["/etc/passwd", `/x/${idOf("1")}.txt`, "/x/one---1.txt", `/x/one---${idOf("1")}/y`])
    assert.equal(links.of(path), undefined, path);
});
