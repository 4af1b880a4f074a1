import assert from "node:assert/strict";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { eventually, startTestGateway } from "openclaw/plugin-sdk/testing";
import { chromium } from "playwright-core";

const BROWSERS = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
const executablePath = process.env["CHROMIUM"] ?? BROWSERS.find((path) => existsSync(path));
const skip = executablePath === undefined && "no Chromium is installed; install one, or set CHROMIUM to its path";

/** A2UI 0.8: a card with a heading, a text and a button. */
const MESSAGES = [
  {
    surfaceUpdate: {
      surfaceId: "main",
      components: [
        { id: "root", component: { Card: { child: "column" } } },
        { id: "column", component: { Column: { children: { explicitList: ["title", "text", "button"] } } } },
        { id: "title", component: { Text: { text: { literalString: "Tea time" }, usageHint: "h2" } } },
        { id: "text", component: { Text: { text: { path: "/kind" } } } },
        { id: "label", component: { Text: { text: { literalString: "Brew" } } } },
        {
          id: "button",
          component: {
            Button: { child: "label", action: { name: "brew", context: [{ key: "kind", value: { path: "/kind" } }] } },
          },
        },
      ],
    },
  },
  {
    dataModelUpdate: {
      surfaceId: "main",
      path: "/",
      contents: [{ key: "kind", valueString: "**Assam** <img src=x onerror=alert(1)>" }],
    },
  },
  { beginRendering: { surfaceId: "main", root: "root" } },
];

test("a browser shows a page, sees it change, and draws A2UI whose button reaches the gateway", { skip }, async () => {
  const root = mkdtempSync(join(tmpdir(), "openclaw-canvas-"));
  await using gateway = await startTestGateway({ config: { canvasHost: { port: 0, root } } });
  const client = await gateway.client();
  const origin = client.hello?.canvasHostUrl as string;
  writeFileSync(join(root, "index.html"), "<!doctype html><h1>First</h1>");
  const browser = await chromium.launch({ executablePath: executablePath as string, args: ["--no-sandbox"] });
  try {
    const page = await browser.newPage();
    const errors: string[] = [];
    page.on("pageerror", ({ message }) => errors.push(message));

    await page.goto(`${origin}/__openclaw__/canvas/`);
    await page.waitForFunction("window.openclawCanvas");
    // The watcher needs a moment before it sees anything; each write is one more chance.
    const write = () => writeFileSync(join(root, "index.html"), `<!doctype html><h1>Second ${Date.now()}</h1>`);
    const writing = setInterval(write, 500);
    const second = page.getByText(/^Second \d+$/);
    await second.waitFor();
    clearInterval(writing);

    await page.goto(`${origin}/__openclaw__/a2ui/`);
    await page.waitForFunction("window.openclawA2UI && window.openclawCanvas");
    await page.evaluate(`window.openclawA2UI.applyMessages(${JSON.stringify(MESSAGES)})`);
    await page.getByText("Tea time").waitFor();
    const bold = await page.locator("strong").textContent();
    const images = await page.locator("img").count();
    if (process.env["CANVAS_SCREENSHOT"]) await page.screenshot({ path: process.env["CANVAS_SCREENSHOT"] });
    await page.getByText("Brew").click();
    const [news] = await eventually("the press is news", async () => {
      const { queuedSystemEvents } = await client.request<{ queuedSystemEvents: string[] }>("status", {});
      return queuedSystemEvents.length > 0 ? queuedSystemEvents : undefined;
    });
    await page.evaluate("window.openclawA2UI.reset()");
    await page.getByText("Nothing is drawn yet.").waitFor();

    assert.deepEqual([bold, images], ["Assam", 0]);
    assert.match(news as string, /"name":"brew","surfaceId":"main","sourceComponentId":"button"/);
    assert.match(news as string, /"context":\{"kind":"\*\*Assam/);
    assert.deepEqual(errors, []);
  } finally {
    await browser.close();
    rmSync(root, { recursive: true, force: true });
  }
});
