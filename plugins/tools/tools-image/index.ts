import {
  Agents,
  definePlugin,
  fitImage,
  failureOf,
  GatewayError,
  Models,
  Sessions,
  textResult,
  Type,
  Workspace,
} from "openclaw/plugin-sdk";
import type { ModelCandidate, Static, ToolContext, ToolResult, TranscriptMessage } from "openclaw/plugin-sdk";
import { loadImage } from "./load.ts";

/** Read into memory, to be scaled to what models take. */
const MAX_MB = 20;
const MAX_CHARS = 20_000;
const SYSTEM =
  "You look at an image for somebody who cannot see it. Say exactly what is asked, and nothing you cannot see.";

const ImageParameters = Type.Object({
  image: Type.String({ minLength: 1, description: "a file, a https address or a data: URL" }),
  prompt: Type.Optional(Type.String({ maxLength: 10_000, description: "what to look for" })),
  model: Type.Optional(Type.String({ minLength: 1 })),
  maxBytesMb: Type.Optional(Type.Number({ exclusiveMinimum: 0, maximum: MAX_MB })),
});

export default definePlugin((gateway) => {
  const { settings } = gateway;
  const models = gateway.use(Models);
  const sessions = gateway.use(Sessions);
  const workspace = gateway.use(Workspace);

  gateway.hooks
    .of(Agents)
    .tool.for("image")
    .tap(
      {
        label: "Image",
        description: "Have a model that sees look at an image and answer a question about it.",
        parameters: ImageParameters,
        parallelSafe: true,
        isAvailable: () => settings.get("agents.defaults.imageModel") !== undefined,
      },
      look,
    );

  async function look(call: ToolContext): Promise<ToolResult> {
    const { agentId, sessionKey, signal } = call;
    // The arguments were checked against the schema before the tool is called.
    const args = call.arguments as Static<typeof ImageParameters>;
    const { image, prompt = "Describe this image.", model, maxBytesMb = MAX_MB } = args;
    const loaded = await loadImage(image, maxBytesMb * 1_000_000, { owner: call, workspace, signal });
    const fitting = await fitImage({ type: "image", ...loaded });
    if (fitting.type === "text") throw new GatewayError("INVALID_REQUEST", fitting.text);
    const session = await sessions.get(sessionKey);
    const candidates = await models.candidates({
      agentId,
      images: true,
      ...(session && { session }),
      ...(model !== undefined && { override: model }),
    });
    const seeing = candidates.filter((one) => one.model.input?.includes("image") && !one.ownsLoop);
    const message: TranscriptMessage = {
      role: "user",
      content: [{ type: "text", text: prompt }, fitting],
      timestamp: Date.now(),
    };
    let last: unknown;
    for (const candidate of seeing) {
      try {
        const text = await answerOf(candidate, message, { sessionKey, signal });
        models.report(candidate, "ok");
        return textResult(text, { model: candidate.reference });
      } catch (error) {
        signal.throwIfAborted();
        models.report(candidate, failureOf(error));
        last = error;
      }
    }
    if (last instanceof Error)
      throw new GatewayError("UNAVAILABLE", `no model could look: ${last.message}`, { cause: last });
    throw new GatewayError(
      "UNAVAILABLE",
      'no model here sees images; set one with "openclaw models set-image <provider/model>" and list "image" in its input',
    );
  }
});

async function answerOf(
  { stream, model }: ModelCandidate,
  message: TranscriptMessage,
  { sessionKey, signal }: { readonly sessionKey: string; readonly signal: AbortSignal },
): Promise<string> {
  let text = "";
  const request = { system: SYSTEM, messages: [message], tools: [], reasoning: "off", sessionKey, signal };
  for await (const part of stream({ ...request, maxTokens: model.maxTokens })) {
    if (part.type === "text-delta") text += part.text;
    if (text.length > MAX_CHARS) break;
  }
  if (text.trim() === "") throw new GatewayError("UNAVAILABLE", "the model said nothing about the image");
  return text.slice(0, MAX_CHARS);
}
