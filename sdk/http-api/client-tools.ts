import type { RunRequest } from "../services/agents.ts";
import type { ModelTool } from "../services/models.ts";
import { badRequest } from "./api-error.ts";
import { Fields } from "./fields.ts";

/** Tools that the client runs, and whether one of them has to be called. */
export interface ClientTools {
  readonly tools: readonly ModelTool[];
  /** `none`: there are some, and none may be called now. */
  readonly choice: "none" | NonNullable<RunRequest["toolChoice"]>;
}

const MAX_TOOLS = 128;
const NAME = /^[A-Za-z0-9_.-]{1,64}$/;
const ANY_OBJECT = { type: "object", properties: {} };

/** `tools` and `tool_choice` of a request, in the nested spelling and in the flat one. */
export function readClientTools(body: Fields): ClientTools {
  const tools = (body.list("tools", MAX_TOOLS) ?? []).map((one, at) => readTool(one, `tools[${at}]`));
  const names = new Set(tools.map(({ name }) => name));
  if (names.size < tools.length) throw body.wrong("tools", "two of them have the same name");
  const choice = readChoice(body);
  if (typeof choice === "object" && !names.has(choice.name))
    throw body.wrong("tool_choice", `there is no tool "${choice.name}"`);
  if (choice === "required" && tools.length === 0) throw body.wrong("tool_choice", "needs tools");
  return { tools, choice };
}

/** What a run is asked with. */
export function askedTools({ tools, choice }: ClientTools): Pick<RunRequest, "tools" | "toolChoice"> {
  if (choice === "none" || tools.length === 0) return {};
  if (choice === "auto") return { tools };
  // Of one that is named, the others cannot be called instead.
  return typeof choice === "object"
    ? { tools: tools.filter(({ name }) => name === choice.name), toolChoice: choice }
    : { tools, toolChoice: choice };
}

function readTool(given: unknown, path: string): ModelTool {
  const tool = new Fields(given, path);
  const type = tool.text("type") ?? "function";
  if (type !== "function") throw tool.wrong("type", `"${type.slice(0, 50)}" is not served; only "function" is`);
  const inner = tool.object("function") ?? tool;
  const name = inner.needText("name");
  if (!NAME.test(name)) throw inner.wrong("name", "has to be 1 to 64 letters, digits, _, . or -");
  const parameters = inner.value("parameters") ?? ANY_OBJECT;
  if (typeof parameters !== "object" || Array.isArray(parameters))
    throw inner.wrong("parameters", "has to be a JSON Schema");
  return { name, description: inner.text("description") ?? "", parameters: parameters as object };
}

function readChoice(body: Fields): ClientTools["choice"] {
  const given = body.value("tool_choice") ?? "auto";
  if (given === "auto" || given === "none" || given === "required") return given;
  if (typeof given === "string") throw body.wrong("tool_choice", "has to be auto, none, required or a function");
  const choice = new Fields(given, "tool_choice");
  const name = (choice.object("function") ?? choice).text("name");
  if (name === undefined) throw badRequest("tool_choice: names no function", "tool_choice");
  return { name };
}
