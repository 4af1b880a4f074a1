import assert from "node:assert/strict";
import { test } from "node:test";
import { allowedCommands } from "./platform.ts";
import type { Kind } from "./platform.ts";

const words = (text: string) => text.trim().split(/\s+/);

/** protocol.md §9.8, written out. */
const CANVAS = words(`canvas.present canvas.hide canvas.navigate canvas.eval canvas.snapshot canvas.a2ui.push
  canvas.a2ui.pushJSONL canvas.a2ui.reset`);
const SYSTEM = words(`system.run system.which system.notify system.execApprovals.get system.execApprovals.set
  browser.proxy`);
const PHONE = words(`camera.list location.get device.info device.status contacts.search calendar.events reminders.list
  photos.latest motion.activity motion.pedometer`);
const DANGEROUS = words(`camera.snap camera.clip screen.record contacts.add calendar.add reminders.add sms.send`);

const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  ios: [...CANVAS, ...PHONE, "system.notify"],
  android: [...CANVAS, ...PHONE],
  macos: [...CANVAS, ...PHONE, ...SYSTEM],
  desk: SYSTEM,
  unknown: [...CANVAS, "camera.list", "location.get", ...SYSTEM],
};

const KINDS: readonly (readonly [Kind, keyof typeof ALLOWED])[] = [
  [{ platform: "iOS 18.2" }, "ios"],
  [{ platform: "android 15" }, "android"],
  [{ platform: "macOS 15" }, "macos"],
  [{ platform: "darwin" }, "macos"],
  [{ platform: "win32" }, "desk"],
  [{ platform: "Windows 11" }, "desk"],
  [{ platform: "linux" }, "desk"],
  [{ platform: "linux", deviceFamily: "iPhone" }, "desk"],
  [{ deviceFamily: "iPad" }, "ios"],
  [{ platform: "tizen", deviceFamily: "Android TV" }, "android"],
  [{ platform: "x", deviceFamily: "Mac" }, "macos"],
  [{ platform: "tizen" }, "unknown"],
  [{}, "unknown"],
];

for (const [kind, name] of KINDS) {
  test(`a node of ${JSON.stringify(kind)} may be asked for what ${name} may, and for nothing dangerous`, () => {
    const allowed = allowedCommands(kind, {});

    assert.deepEqual([...allowed].toSorted(), ALLOWED[name]?.toSorted());
    assert.ok(!DANGEROUS.some((command) => allowed.has(command)));
  });
}
