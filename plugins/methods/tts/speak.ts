import { readdir, rm, stat } from "node:fs/promises";
import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { errorText, writeFileAtomic } from "openclaw/plugin-sdk";
import { boundedBody } from "openclaw/plugin-sdk/net";
import { PROVIDERS } from "./providers.ts";
import type { AudioFormat, ProviderConfig, ProviderId } from "./providers.ts";

const TIMEOUT_MS = 30_000;
const MAX_AUDIO_BYTES = 25_000_000;
/** Audio is sent on at once; what is left over goes when newer comes. */
const KEPT_FILES = 50;

/** What a provider is called with. */
export interface Voice {
  readonly provider: ProviderId;
  readonly key: string | undefined;
  readonly config: ProviderConfig;
}

export interface Spoken {
  readonly audioPath: string;
  readonly provider: ProviderId;
  readonly outputFormat: AudioFormat;
  readonly voiceCompatible: boolean;
}

/** The text as a file in `folder`, by the first voice that can. Throws what went wrong with one that was set up. */
export async function speak(
  text: string,
  format: AudioFormat,
  voices: readonly Voice[],
  { folder, signal }: { readonly folder: string; readonly signal: AbortSignal },
): Promise<Spoken> {
  let failure: unknown;
  let lack: unknown;
  for (const { provider, key, config } of voices) {
    try {
      const audio = await ask(provider, text, format, key, config, signal);
      const audioPath = join(folder, `${randomUUID()}.${format === "opus" ? "ogg" : "mp3"}`);
      await writeFileAtomic(audioPath, audio, { fsync: false });
      await tidy(folder);
      return { audioPath, provider, outputFormat: format, voiceCompatible: format === "opus" };
    } catch (error) {
      if (key === undefined) lack = error;
      else failure = error;
      if (signal.aborted) break;
    }
  }
  throw failure ?? lack;
}

async function ask(
  provider: ProviderId,
  text: string,
  format: AudioFormat,
  key: string | undefined,
  config: ProviderConfig,
  signal: AbortSignal,
): Promise<Uint8Array> {
  const { request, name } = PROVIDERS[provider];
  if (!request) throw new Error(`${name} is not part of this gateway`);
  if (key === undefined) throw new Error(`No API key for ${provider}`);
  const limit = AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]);
  const response = await fetch(request({ text, format, key, config }), { signal: limit, redirect: "error" }).catch(
    (cause: unknown) => {
      throw new Error(`${name} cannot be reached (${errorText((cause as Error).cause ?? cause)})`, { cause });
    },
  );
  if (!response.ok) throw new Error(`${name} answered ${response.status}: ${(await response.text()).slice(0, 200)}`);
  const audio = await boundedBody(response, MAX_AUDIO_BYTES);
  if (audio.length === 0) throw new Error(`${name} sent no audio`);
  return audio;
}

async function tidy(folder: string): Promise<void> {
  const names = (await readdir(folder)).filter((name) => /\.(ogg|mp3)$/.test(name));
  if (names.length <= KEPT_FILES) return;
  const files = await Promise.all(
    names.map(async (name) => {
      const path = join(folder, name);
      // Removed by another call of this moment.
      const info = await stat(path).catch(() => undefined);
      return { path, at: info?.mtimeMs ?? 0 };
    }),
  );
  const old = files.toSorted((a, b) => b.at - a.at).slice(KEPT_FILES);
  for (const { path } of old) await rm(path, { force: true });
}
