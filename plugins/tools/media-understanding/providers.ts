import type { ProviderAccess } from "openclaw/plugin-sdk";
import type { Kind, Plan, Way } from "./plan.ts";

export interface Hearing {
  readonly plan: Plan;
  readonly way: Way;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly access: ProviderAccess;
}

interface Provider {
  readonly kinds: readonly Kind[];
  readonly baseUrl: string;
  readonly model: string;
  /** A variable that holds the key, for providers that no model plugin knows. */
  readonly variable?: string;
  readonly request: (hearing: Hearing, baseUrl: string, model: string) => Request;
  readonly text: (answer: unknown) => unknown;
}

/** Providers that understand media, in the order in which they are tried by themselves. */
export const PROVIDERS: Readonly<Record<string, Provider>> = {
  openai: transcriber("https://api.openai.com/v1", "gpt-4o-mini-transcribe"),
  groq: transcriber("https://api.groq.com/openai/v1", "whisper-large-v3-turbo"),
  deepgram: {
    kinds: ["audio"],
    baseUrl: "https://api.deepgram.com/v1",
    model: "nova-3",
    variable: "DEEPGRAM_API_KEY",
    request({ plan, way, bytes, access }, baseUrl, model) {
      const query = new URLSearchParams({ model, smart_format: "true" });
      if (way.language !== undefined) query.set("language", way.language);
      return new Request(`${baseUrl}/listen?${query}`, {
        method: "POST",
        headers: {
          ...access.headers,
          ...(access.apiKey !== undefined && { authorization: `Token ${access.apiKey}` }),
          "content-type": plan.contentType,
        },
        body: bytes,
      });
    },
    text: (answer) =>
      (answer as { results?: { channels?: { alternatives?: { transcript?: unknown }[] }[] } }).results?.channels?.[0]
        ?.alternatives?.[0]?.transcript,
  },
  google: {
    kinds: ["audio", "video"],
    baseUrl: "https://generativelanguage.googleapis.com/v1beta",
    model: "gemini-2.5-flash",
    request({ plan, way, bytes, access }, baseUrl, model) {
      const data = Buffer.from(bytes).toString("base64");
      const parts = [{ text: promptOf(plan, way) }, { inline_data: { mime_type: plan.contentType, data } }];
      return new Request(`${baseUrl}/models/${encodeURIComponent(model)}:generateContent`, {
        method: "POST",
        headers: {
          ...access.headers,
          ...(access.apiKey !== undefined && { "x-goog-api-key": access.apiKey }),
          "content-type": "application/json",
        },
        body: JSON.stringify({ contents: [{ role: "user", parts }] }),
      });
    },
    text: (answer) =>
      (answer as { candidates?: { content?: { parts?: { text?: string }[] } }[] }).candidates?.[0]?.content?.parts
        ?.map(({ text = "" }) => text)
        .join(""),
  },
};

/** Any server that has the transcriptions of OpenAI's API: what a provider is that is not in the table. */
export function transcriber(baseUrl: string, model: string): Provider {
  return {
    kinds: ["audio"],
    baseUrl,
    model,
    request({ plan, way, bytes, access }, base, name) {
      const form = new FormData();
      form.set("file", new Blob([bytes], { type: plan.contentType }), fileNameOf(plan));
      form.set("model", name);
      if (way.language !== undefined) form.set("language", way.language);
      if (way.prompt !== undefined) form.set("prompt", way.prompt);
      return new Request(`${base}/audio/transcriptions`, {
        method: "POST",
        headers: {
          ...access.headers,
          ...(access.apiKey !== undefined && { authorization: `Bearer ${access.apiKey}` }),
        },
        body: form,
      });
    },
    text: (answer) => (answer as { text?: unknown }).text,
  };
}

/** What a program or a model is asked. */
export function promptOf({ kind }: Plan, { prompt, maxChars, language }: Way): string {
  if (prompt !== undefined) return prompt;
  const most = maxChars === undefined ? "" : ` Use at most ${maxChars} characters.`;
  const tongue = language === undefined ? "" : ` It is in ${language}.`;
  if (kind === "audio") return `Write down what is said, word for word, and nothing else.${tongue}${most}`;
  return `Say what happens and what is said in this video, and nothing else.${tongue}${most}`;
}

/** Servers tell the format by the ending. */
function fileNameOf({ fileName, contentType }: Plan): string {
  if (/\.[a-z0-9]{2,4}$/i.test(fileName)) return fileName;
  const [, type = "ogg"] = /^(?:audio|video)\/(?:x-)?([a-z0-9]+)/.exec(contentType) ?? [];
  return `voice.${type === "mpeg" ? "mp3" : type}`;
}
