import { errorText } from "openclaw/plugin-sdk";
import { badRequest } from "openclaw/plugin-sdk/http-api";
import type { FileRules, GivenFile } from "openclaw/plugin-sdk/http-api";
import { pdfText } from "./pdf-text.ts";

export interface TextRules extends Required<FileRules> {
  /** Characters of one file that the agent reads. */
  readonly maxChars: number;
  readonly pdf: { readonly maxPages: number };
}

/** http.md §5. */
export const TEXT_RULES: TextRules = {
  allowUrl: true,
  allowHosts: [],
  allowedMimes: ["text/plain", "text/markdown", "text/html", "text/csv", "application/json", "application/pdf"],
  maxBytes: 5_000_000,
  maxChars: 200_000,
  maxRedirects: 3,
  timeoutMs: 10_000,
  pdf: { maxPages: 4 },
};

const BY_ENDING: Readonly<Record<string, string>> = {
  txt: "text/plain",
  log: "text/plain",
  md: "text/markdown",
  markdown: "text/markdown",
  html: "text/html",
  htm: "text/html",
  csv: "text/csv",
  json: "application/json",
  pdf: "application/pdf",
};

/** A file as the agent reads it among its instructions. What is in it cannot end it. */
export async function fileBlock(file: GivenFile, name: string, param: string, rules: TextRules): Promise<string> {
  const type = typeOf(file, name);
  if (!rules.allowedMimes.includes(type))
    throw badRequest(
      `${param}: files of type "${type.slice(0, 100)}" are not taken (${rules.allowedMimes.join(", ")})`,
      param,
    );
  const text = type === "application/pdf" ? await ofPdf(file.bytes, param, rules) : ofText(file.bytes, param);
  const shown = text.length > rules.maxChars ? `${text.slice(0, rules.maxChars)}\n[the rest was left out]` : text;
  return `<file name="${attribute(name)}">\n${shown.replaceAll(/<(\/?)(file\b)/gi, "‹$1$2")}\n</file>`;
}

/** What its first bytes or its sender say; the ending of its name, when that is nothing. */
function typeOf({ bytes, contentType }: GivenFile, name: string): string {
  if (bytes.subarray(0, 5).toString("latin1") === "%PDF-") return "application/pdf";
  const isVague = contentType === "" || contentType === "application/octet-stream";
  if (!isVague) return contentType;
  return BY_ENDING[/\.(\w+)$/.exec(name)?.[1]?.toLowerCase() ?? ""] ?? "application/octet-stream";
}

function ofText(bytes: Buffer, param: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw badRequest(`${param}: is not UTF-8 text`, param);
  }
}

async function ofPdf(bytes: Buffer, param: string, { pdf }: TextRules): Promise<string> {
  const text = await pdfText(bytes, pdf.maxPages).catch((error: unknown) => {
    throw badRequest(`${param}: the PDF cannot be read: ${errorText(error)}`, param);
  });
  if (text.trim() !== "") return text;
  throw badRequest(`${param}: the PDF has no text on its first ${pdf.maxPages} pages; send its pages as images`, param);
}

function attribute(text: string): string {
  return text.replaceAll(/[\p{Cc}<>"&]/gu, "_").slice(0, 200);
}
