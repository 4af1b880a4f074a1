import type { Sampling } from "openclaw/plugin-sdk";
import { badRequest, Fields, imageBlock, readClientTools } from "openclaw/plugin-sdk/http-api";
import type { FileRules, GivenFiles, ProgramRequest, Said } from "openclaw/plugin-sdk/http-api";

export interface ChatRequest extends ProgramRequest {
  readonly stream: boolean;
  readonly includeUsage: boolean;
}

export interface ImageParts {
  readonly files: GivenFiles;
  readonly rules: Required<FileRules>;
}

const MAX_MESSAGES = 2_048;
const ROLES = ["system", "developer", "user", "assistant", "tool", "function"] as const;
const EFFORTS = ["none", "minimal", "low", "medium", "high", "xhigh"] as const;

/** A request as it has to be; what clients send beside is left alone. */
export async function readChatRequest(given: unknown, images: ImageParts): Promise<ChatRequest> {
  const body = new Fields(given);
  if ((body.number("n", { min: 1 }) ?? 1) !== 1) throw body.wrong("n", "only 1 is served");
  const { said, system } = await readMessages(body, images);
  const effort = body.oneOf("reasoning_effort", EFFORTS);
  return {
    model: body.text("model", 256) ?? "openclaw",
    said,
    system,
    stream: body.flag("stream") ?? false,
    includeUsage: body.object("stream_options")?.flag("include_usage") ?? false,
    user: body.text("user", 1_024) || undefined,
    clientTools: readClientTools(body),
    sampling: readSampling(body),
    thinking: effort === "none" ? "off" : effort,
  };
}

function readSampling(body: Fields): Sampling {
  const whole = { min: 1, whole: true };
  const maxTokens = body.number("max_completion_tokens", whole) ?? body.number("max_tokens", whole);
  const temperature = body.number("temperature", { min: 0, max: 2 });
  const topP = body.number("top_p", { min: 0, max: 1 });
  const frequencyPenalty = body.number("frequency_penalty", { min: -2, max: 2 });
  const presencePenalty = body.number("presence_penalty", { min: -2, max: 2 });
  const seed = body.number("seed", { whole: true });
  const stop = readStop(body);
  return {
    ...(maxTokens !== undefined && { maxTokens }),
    ...(temperature !== undefined && { temperature }),
    ...(topP !== undefined && { topP }),
    ...(frequencyPenalty !== undefined && { frequencyPenalty }),
    ...(presencePenalty !== undefined && { presencePenalty }),
    ...(seed !== undefined && { seed }),
    ...(stop && { stop }),
  };
}

function readStop(body: Fields): readonly string[] | undefined {
  const given = body.value("stop");
  if (given === undefined) return undefined;
  const stop = typeof given === "string" ? [given] : (body.list("stop", 4) ?? []);
  if (!stop.every((one) => typeof one === "string")) throw body.wrong("stop", "has to be strings");
  return stop as string[];
}

async function readMessages(body: Fields, images: ImageParts): Promise<{ said: Said[]; system: string }> {
  const messages = body.list("messages", MAX_MESSAGES);
  if (!messages) throw badRequest("messages: is missing", "messages");
  const said: Said[] = [];
  const system: string[] = [];
  for (const [at, one] of messages.entries()) {
    const message = new Fields(one, `messages[${at}]`);
    const role = message.oneOf("role", ROLES);
    if (role === undefined) throw message.wrong("role", "is missing");
    const content = await readContent(message, role === "user" ? images : undefined);
    switch (role) {
      case "system":
      case "developer":
        if (content.text !== "") system.push(content.text);
        break;
      case "user":
        if (content.text !== "" || content.images.length > 0) said.push({ role, ...content });
        break;
      case "assistant":
        said.push({ role, text: content.text, calls: readCalls(message) });
        break;
      case "tool":
      case "function": {
        const callId = message.text("tool_call_id") ?? message.needText("name");
        said.push({ role: "tool", callId, content: [{ type: "text", text: content.text }] });
      }
    }
  }
  return { said, system: system.join("\n\n") };
}

async function readContent(message: Fields, images: ImageParts | undefined) {
  const given = message.value("content");
  if (given === undefined || typeof given === "string") return { text: given ?? "", images: [] };
  const texts: string[] = [];
  const blocks = [];
  for (const [at, one] of (message.list("content") ?? []).entries()) {
    const part = new Fields(one, message.name(`content[${at}]`));
    const type = part.text("type") ?? "";
    if (type === "text" || type === "input_text" || type === "refusal")
      texts.push(part.text(type === "refusal" ? type : "text") ?? "");
    else if (type === "image_url" && images) blocks.push(await readImage(part, images));
    else throw part.wrong("type", `"${type.slice(0, 50)}" is not served here`);
  }
  return { text: texts.join("\n"), images: blocks };
}

async function readImage(part: Fields, { files, rules }: ImageParts) {
  const given = part.value("image_url");
  const place = part.name("image_url");
  const url = typeof given === "string" ? given : new Fields(given, place).needText("url");
  return imageBlock(await files.ofUrl(url, place, rules), place, rules);
}

function readCalls(message: Fields) {
  return (message.list("tool_calls") ?? []).map((one, at) => {
    const call = new Fields(one, message.name(`tool_calls[${at}]`));
    const inner = call.object("function");
    if (!inner) throw call.wrong("function", "is missing");
    return { id: call.needText("id"), name: inner.needText("name"), arguments: readArguments(inner) };
  });
}

function readArguments(call: Fields): Record<string, unknown> {
  const text = call.text("arguments") ?? "";
  try {
    const value: unknown = text.trim() === "" ? {} : JSON.parse(text);
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch {
    // Told below.
  }
  throw call.wrong("arguments", "is no JSON object");
}
