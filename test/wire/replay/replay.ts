import type { ConnectParams } from "openclaw/plugin-sdk";
import { brokenAnswer, brokenEvent } from "../answer-shape.ts";
import { RawClient, UpgradeRefused } from "../raw-client.ts";
import type { Frame } from "../raw-client.ts";
import { readCapture } from "./capture.ts";
import type { Recorded } from "./capture.ts";
import { isSafeAddition, OTHERS_EVENTS } from "./intended.ts";
import { Placeholders } from "./placeholder.ts";
import type { Secrets } from "./placeholder.ts";
import { createReport, isIntended, judge } from "./report.ts";
import type { Report } from "./report.ts";
import { isRunEvent, RunEvents } from "./run-event.ts";
import { differences } from "./shape.ts";
import { Turns } from "./turns.ts";

/** One device signed its scopes in the usual order and sent them in another. */
const SIGNED_SCOPES: Readonly<Record<string, readonly string[]>> = {
  "device-sig-wrong-scope-order": ["operator.admin", "operator.approvals", "operator.pairing"],
};
/** Methods whose answer says how a run goes. */
const RUN_STATUS: ReadonlySet<string> = new Set(["chat.send", "agent"]);
const PATIENCE_MS = 4_000;
/** A server that closes does so at once. */
const STAYS_OPEN_MS = 1_500;
/** Sent as a binary message; the captures hold its text. */
const BINARY_IDS = new Set(["binframe"]);

/** What only time or the machine brings about, done by the test when the client waits for it. */
export interface Around {
  readonly url: string;
  readonly secrets: Secrets;
  /** Before the client waits for this event, or for the server's close. */
  readonly awaiting?: (event: string, name: string, expected?: Frame) => void | Promise<void>;
  /** Before each connection. */
  readonly opening?: () => Promise<void>;
  /** For each frame that is waited for. */
  readonly patienceMs?: number;
  /** The connections to replay, by what the client does; all of them by default. */
  readonly only?: (recorded: Recorded) => boolean;
  /** The connections were open at the same time, and what one did the others saw. */
  readonly together?: boolean;
  /** Events that the recorded client caused itself; see {@link OTHERS_EVENTS}. */
  readonly caused?: ReadonlySet<string>;
  /** Values of placeholders that the recorded clients knew from elsewhere. */
  readonly ids?: Readonly<Record<string, string>>;
  /** Events that happened to fall into the recording. */
  readonly passing?: ReadonlySet<string>;
}

/** Be the recorded client of every connection of `file` and compare what the gateway says. */
export async function replay(file: string, around: Around): Promise<Report> {
  const report = createReport(file);
  const connections = readCapture(file).filter(around.only ?? (() => true));
  const placeholders = new Placeholders(around.secrets, connections, around.ids);
  if (!around.together) {
    for (const recorded of connections) await replayOne(file, recorded, placeholders, around, report);
    return report;
  }
  const together = { turns: new Turns(connections), runs: new Set<string>() };
  const { turns } = together;
  const each = connections.map((recorded) =>
    replayOne(file, recorded, placeholders, around, report, together).finally(() => turns.leave(recorded)),
  );
  await Promise.all(each);
  return report;
}

async function replayOne(
  file: string,
  recorded: Recorded,
  placeholders: Placeholders,
  { url, awaiting, opening, caused, passing, patienceMs = PATIENCE_MS }: Around,
  report: Report,
  { turns, runs: begun }: { readonly turns?: Turns; readonly runs?: Set<string> } = {},
): Promise<void> {
  const note = (what: string) => judge(`${file} ${recorded.name}: ${what}`, report);
  let client: RawClient;
  await turns?.take(recorded, 0);
  try {
    await opening?.();
    client = await RawClient.open(url, { headers: placeholders.fill(recorded.headers) });
  } catch (error) {
    if (error instanceof UpgradeRefused) return note(error.message);
    throw error;
  }
  await using open = client;
  const methods = new Map<string, string>();
  const seen = new Set<string>();
  const runs = new RunEvents(begun);
  let challengedAt = 0;
  let offered: ReadonlySet<string> | undefined;

  for (const [index, step] of recorded.steps.entries()) {
    await turns?.take(recorded, index + 1);
    if (!step.received) {
      const frame = step.sent as { id?: unknown; method?: string } | null;
      if (frame?.method) methods.set(String(frame.id), frame.method);
      runs.begun(frame);
      send(open, step, placeholders, challengedAt, recorded.name);
      continue;
    }
    const expected = step.received;
    const event = expected.type === "event" ? String(expected.event) : undefined;
    if (event === "connect.challenge") challengedAt = expected.payload?.["ts"] as number;
    if (isRunEvent(expected) && caused?.has(String(event))) {
      if (runs.isWanted(expected)) await compareRunEvent(open, expected, runs, note, report);
      continue;
    }
    if (event !== undefined && (passing?.has(event) || (OTHERS_EVENTS.has(event) && !caused?.has(event)))) {
      report.othersEvents.add(event);
      continue;
    }
    if (event !== undefined && offered && !offered.has(event)) {
      report.othersEvents.add(event);
      continue;
    }
    // Reports that follow each other closely are told together here.
    if (event === "health" && seen.has(event)) continue;
    if (event !== undefined) {
      seen.add(event);
      await awaiting?.(event, recorded.name, expected);
    }
    const actual = await counterpart(open, expected, placeholders, patienceMs).catch((error: Error) => error);
    if (actual instanceof Error) {
      note(actual.message);
      break;
    }
    placeholders.learn(expected, actual);
    const method = methods.get(String(expected.id));
    if (method === "connect" && actual.ok && !offered) offered = tellAbsent(expected, actual, note, report);
    report.compared++;
    const broken = event === undefined ? brokenResult(method, actual) : brokenEvent(event, actual.payload);
    if (broken) note(broken);
    const [was, is] = [expected, actual].map(({ payload }) => (payload as { status?: unknown } | undefined)?.status);
    if (RUN_STATUS.has(String(method)) && was !== is)
      note(`${String(expected.id)}: payload.status is ${String(is)}, was ${String(was)}`);
    for (const difference of differences(placeholders.fill(expected), actual)) {
      const isList = difference.path.startsWith("payload.features.");
      if (!isList && !isSafeAddition(difference)) note(`${event ?? String(expected.id)}: ${difference.text}`);
    }
  }
  await turns?.take(recorded, recorded.steps.length + 1);
  if (recorded.close.by === "server") await awaiting?.("close", recorded.name);
  await compareClose(open, recorded, note, report);
}

/** One that does not come is noted, and what follows it is still compared. */
async function compareRunEvent(
  client: RawClient,
  expected: Frame,
  runs: RunEvents,
  note: (what: string) => void,
  report: Report,
): Promise<void> {
  const absence = `there is no ${runs.name(expected)}`;
  const isMissed = !isIntended(`${report.file}: ${absence}`, report);
  const actual = await runs.counterpart(client, expected, isMissed).catch((error: Error) => error);
  if (actual instanceof Error) return note(absence);
  report.compared++;
  const broken = brokenEvent(String(actual.event), actual.payload);
  if (broken) note(broken);
  for (const difference of differences(expected, actual)) {
    if (!isSafeAddition(difference)) note(`${runs.name(expected)}: ${difference.text}`);
  }
}

function send(
  client: RawClient,
  { sent, isJson }: { readonly sent: unknown; readonly isJson: boolean },
  placeholders: Placeholders,
  challengedAt: number,
  name: string,
): void {
  if (!isJson) return client.sendRaw(String(sent));
  const frame = sent as { id?: unknown; method?: string; params?: ConnectParams } | null;
  const filled = placeholders.fill(frame);
  if (filled?.method === "connect" && frame?.params) {
    filled.params = placeholders.connect(frame.params, challengedAt, SIGNED_SCOPES[name]);
  }
  const text = JSON.stringify(filled);
  client.sendRaw(BINARY_IDS.has(String(frame?.id)) ? Buffer.from(text) : text);
}

/** The frame that stands for the recorded one: the next answer to that id, or the next event of that name. */
async function counterpart(
  client: RawClient,
  expected: Frame,
  placeholders: Placeholders,
  patienceMs: number,
): Promise<Frame> {
  if (expected.type === "event") return client.event(String(expected.event), patienceMs);
  const id = JSON.stringify(placeholders.fill(expected.id));
  const answers = (frame: Frame) => frame.type === "res" && JSON.stringify(frame.id) === id;
  return client.next(`response to ${id}`, answers, patienceMs);
}

/** Events there are here. A method that is not here is a difference. Lists of three were cut for the captures. */
function tellAbsent(expected: Frame, actual: Frame, note: (what: string) => void, report: Report): ReadonlySet<string> {
  const [was, is] = [expected, actual].map(({ payload }) => (payload as { features: Features }).features) as [
    Features,
    Features,
  ];
  if (was.methods.length > 3) {
    for (const method of was.methods) if (!is.methods.includes(method)) note(`${method} is not offered`);
    for (const event of was.events) if (!is.events.includes(event)) report.othersEvents.add(event);
  }
  return new Set(is.events);
}

interface Features {
  readonly methods: readonly string[];
  readonly events: readonly string[];
}

async function compareClose(
  client: RawClient,
  { close }: Recorded,
  note: (what: string) => void,
  report: Report,
): Promise<void> {
  if (close.by === "client" && client.isOpen) {
    if (close.code === 1005) client.socket.close();
    else if (close.code === 1006) client.socket.terminate();
    else client.socket.close(close.code, close.reason);
  }
  report.compared++;
  const closed = await client.closed(STAYS_OPEN_MS).catch(() => undefined);
  if (!closed) return note(`stays open, was closed with ${close.code} "${close.reason}"`);
  for (const { id } of client.frames.filter(({ type }) => type === "res"))
    note(`there is one more answer to ${String(id)}`);
  const { code, reason } = closed;
  if (code !== close.code || reason !== close.reason)
    note(`close is ${code} "${reason}", was ${close.code} "${close.reason}"`);
}

/** The method a recorded client called with this frame. */
export function methodOf(sent: unknown): string | undefined {
  return (sent as { method?: string } | null)?.method;
}

function brokenResult(method: string | undefined, { ok, payload }: Frame): string | undefined {
  return method === undefined || ok !== true ? undefined : brokenAnswer(method, payload);
}
