import type { ContentBlock, PendingToolCall, Sampling } from "openclaw/plugin-sdk";
import { badRequest, Fields, imageBlock, readClientTools } from "openclaw/plugin-sdk/http-api";
import type { FileRules, GivenFile, GivenFiles, ProgramRequest, Said } from "openclaw/plugin-sdk/http-api";
import { fileBlock } from "./given-text.ts";
import type { TextRules } from "./given-text.ts";

export interface ResponsesRequest extends ProgramRequest {
  readonly stream: boolean;
  readonly previousId: string | undefined;
  /** What an answer repeats of its request. */
  readonly echo: Readonly<Record<string, unknown>>;
}

export interface InputParts {
  readonly files: GivenFiles;
  readonly images: Required<FileRules>;
  readonly texts: TextRules;
}

const MAX_ITEMS = 2_048;
const EFFORTS = ["none", "minimal", "low", "medium", "high", "xhigh"] as const;
const ROLES = ["system", "developer", "user", "assistant"] as const;
const ECHOED = [
  "instructions",
  "metadata",
  "parallel_tool_calls",
  "temperature",
  "tool_choice",
  "tools",
  "top_p",
  "user",
];

/** A request as it has to be; what clients send beside is left alone. */
export async function readResponsesRequest(given: unknown, parts: InputParts): Promise<ResponsesRequest> {
  const body = new Fields(given);
  const model = body.needText("model", 256);
  const instructions = body.text("instructions") ?? "";
  const input = await readInput(body, parts);
  const effort = body.object("reasoning")?.oneOf("effort", EFFORTS);
  return {
    model,
    said: input.said,
    system: [instructions, ...input.system, ...input.files].filter((text) => text !== "").join("\n\n"),
    user: body.text("user", 1_024) || undefined,
    stream: body.flag("stream") ?? false,
    previousId: body.text("previous_response_id", 256) || undefined,
    clientTools: readClientTools(body),
    sampling: readSampling(body),
    thinking: effort === "none" ? "off" : effort,
    echo: Object.fromEntries(ECHOED.map((name) => [name, body.value(name) ?? DEFAULTS[name] ?? null])),
  };
}

const DEFAULTS: Readonly<Record<string, unknown>> = {
  metadata: {},
  parallel_tool_calls: true,
  tool_choice: "auto",
  tools: [],
};

function readSampling(body: Fields): Sampling {
  const maxTokens = body.number("max_output_tokens", { min: 1, whole: true });
  const temperature = body.number("temperature", { min: 0, max: 2 });
  const topP = body.number("top_p", { min: 0, max: 1 });
  return {
    ...(maxTokens !== undefined && { maxTokens }),
    ...(temperature !== undefined && { temperature }),
    ...(topP !== undefined && { topP }),
  };
}

interface Input {
  readonly said: Said[];
  readonly system: string[];
  /** Files as blocks of text: they are for this request, not for the transcript. */
  readonly files: string[];
}

async function readInput(body: Fields, parts: InputParts): Promise<Input> {
  const input: Input = { said: [], system: [], files: [] };
  const given = body.value("input");
  if (given === undefined) throw badRequest("input: is missing", "input");
  if (typeof given === "string") {
    if (given !== "") input.said.push({ role: "user", text: given, images: [] });
    return input;
  }
  for (const [at, one] of (body.list("input", MAX_ITEMS) ?? []).entries())
    await readItem(new Fields(one, `input[${at}]`), input, parts);
  return input;
}

async function readItem(item: Fields, input: Input, parts: InputParts): Promise<void> {
  const type = item.text("type") ?? "message";
  switch (type) {
    case "message":
      return readMessage(item, input, parts);
    case "function_call": {
      const call = { id: item.needText("call_id"), name: item.needText("name"), arguments: readArguments(item) };
      return addAnswer(input.said, "", [call]);
    }
    case "function_call_output":
      return void input.said.push({
        role: "tool",
        callId: item.needText("call_id"),
        content: await readOutput(item, input, parts),
      });
    case "reasoning":
    case "item_reference":
      return;
    default:
      throw item.wrong("type", `"${type.slice(0, 50)}" is not served`);
  }
}

async function readMessage(item: Fields, input: Input, parts: InputParts): Promise<void> {
  const role = item.oneOf("role", ROLES);
  if (role === undefined) throw item.wrong("role", "is missing");
  const { text, images } = await readContent(item, "content", input, parts);
  if (role === "assistant") addAnswer(input.said, text, []);
  else if (role !== "user") input.system.push(text);
  else if (text !== "" || images.length > 0) input.said.push({ role, text, images });
}

/** Text and calls of one answer are items of their own here. */
function addAnswer(said: Said[], text: string, calls: readonly PendingToolCall[]): void {
  const before = said.at(-1);
  if (before?.role !== "assistant") return void said.push({ role: "assistant", text, calls });
  said[said.length - 1] = {
    role: "assistant",
    text: [before.text, text].filter((one) => one !== "").join("\n\n"),
    calls: [...before.calls, ...calls],
  };
}

async function readOutput(item: Fields, input: Input, parts: InputParts): Promise<ContentBlock[]> {
  const { text, images } = await readContent(item, "output", input, parts);
  return [{ type: "text", text }, ...images];
}

async function readContent(item: Fields, field: string, input: Input, parts: InputParts) {
  const given = item.value(field);
  if (given === undefined || typeof given === "string") return { text: given ?? "", images: [] };
  const texts: string[] = [];
  const images: ContentBlock[] = [];
  for (const [at, one] of (item.list(field) ?? []).entries()) {
    const part = new Fields(one, item.name(`${field}[${at}]`));
    const type = part.text("type") ?? "";
    if (type === "input_text" || type === "output_text" || type === "text") texts.push(part.text("text") ?? "");
    else if (type === "refusal") texts.push(part.text("refusal") ?? "");
    else if (type === "input_image") images.push(await readImage(part, parts));
    else if (type === "input_file") input.files.push(await readFile(part, parts));
    else throw part.wrong("type", `"${type.slice(0, 50)}" is not served here`);
  }
  return { text: texts.join("\n"), images };
}

async function readImage(part: Fields, { files, images }: InputParts): Promise<ContentBlock> {
  const place = part.name("image_url");
  const source = part.object("source");
  if (source) return imageBlock(await ofSource(source, files, images), part.name("source"), images);
  const given = part.value("image_url");
  if (given === undefined) throw part.wrong("image_url", "is missing; files by id are not served");
  const url = typeof given === "string" ? given : new Fields(given, place).needText("url");
  return imageBlock(await files.ofUrl(url, place, images), place, images);
}

async function readFile(part: Fields, { files, texts }: InputParts): Promise<string> {
  const source = part.object("source");
  if (source) {
    const name = source.text("filename", 512) ?? "file";
    return fileBlock(await ofSource(source, files, texts), name, part.name("source"), texts);
  }
  const name = part.text("filename", 512) ?? "file";
  const url = part.text("file_url");
  if (url !== undefined)
    return fileBlock(await files.ofUrl(url, part.name("file_url"), texts), name, part.name("file_url"), texts);
  const data = part.text("file_data");
  const place = part.name("file_data");
  if (data === undefined) throw part.wrong("file_data", "is missing; files by id are not served");
  const file = data.startsWith("data:")
    ? await files.ofUrl(data, place, texts)
    : files.ofBase64(data, "", place, texts);
  return fileBlock(file, name, place, texts);
}

/** `{type: "url" | "base64", url | data, media_type}`. */
function ofSource(source: Fields, files: GivenFiles, rules: Required<FileRules>): Promise<GivenFile> | GivenFile {
  const type = source.oneOf("type", ["url", "base64"] as const);
  if (type === "url") return files.ofUrl(source.needText("url"), source.name("url"), rules);
  return files.ofBase64(source.needText("data"), source.text("media_type") ?? "", source.name("data"), rules);
}

function readArguments(item: Fields): Record<string, unknown> {
  const text = item.text("arguments") ?? "";
  try {
    const value: unknown = text.trim() === "" ? {} : JSON.parse(text);
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch {
    // Told below.
  }
  throw item.wrong("arguments", "is no JSON object");
}
