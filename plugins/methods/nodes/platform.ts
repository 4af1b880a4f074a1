const CANVAS = [
  "canvas.present",
  "canvas.hide",
  "canvas.navigate",
  "canvas.eval",
  "canvas.snapshot",
  "canvas.a2ui.push",
  "canvas.a2ui.pushJSONL",
  "canvas.a2ui.reset",
];
const SYSTEM = [
  "system.run",
  "system.which",
  "system.notify",
  "system.execApprovals.get",
  "system.execApprovals.set",
  "browser.proxy",
];
const PHONE = [
  ...CANVAS,
  "camera.list",
  "location.get",
  "device.info",
  "device.status",
  "contacts.search",
  "calendar.events",
  "reminders.list",
  "photos.latest",
  "motion.activity",
  "motion.pedometer",
];

/** What a node may be asked to do, by what it is (protocol.md §9.8). */
const ALLOWED = {
  ios: [...PHONE, "system.notify"],
  android: PHONE,
  macos: [...PHONE, ...SYSTEM],
  windows: SYSTEM,
  linux: SYSTEM,
  unknown: [...CANVAS, "camera.list", "location.get", ...SYSTEM],
} as const;

type Platform = keyof typeof ALLOWED;

const BY_PLATFORM: readonly (readonly [RegExp, Platform])[] = [
  [/^ios/, "ios"],
  [/^android/, "android"],
  [/^(mac|darwin)/, "macos"],
  [/^win/, "windows"],
  [/^linux/, "linux"],
];
const BY_FAMILY: readonly (readonly [RegExp, Platform])[] = [
  [/iphone|ipad|ios/, "ios"],
  [/android/, "android"],
  [/mac/, "macos"],
  [/windows/, "windows"],
  [/linux/, "linux"],
];

export interface Kind {
  readonly platform?: string | undefined;
  readonly deviceFamily?: string | undefined;
}

/** `gateway.nodes` of the configuration. */
export interface NodeRules {
  readonly allowCommands?: readonly string[];
  readonly denyCommands?: readonly string[];
}

/** Commands that a node of this kind may be asked for: its platform's, those allowed besides, none that is denied. */
export function allowedCommands(kind: Kind, { allowCommands = [], denyCommands = [] }: NodeRules): ReadonlySet<string> {
  const allowed = new Set<string>([...ALLOWED[platformOf(kind)], ...allowCommands.map((name) => name.trim())]);
  for (const name of denyCommands) allowed.delete(name.trim());
  return allowed;
}

function platformOf({ platform = "", deviceFamily = "" }: Kind): Platform {
  const match = (text: string, table: typeof BY_PLATFORM) =>
    table.find(([pattern]) => pattern.test(text.trim().toLowerCase()))?.[1];
  return match(platform, BY_PLATFORM) ?? match(deviceFamily, BY_FAMILY) ?? "unknown";
}
