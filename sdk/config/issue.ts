import type { ConfigIssue } from "../services/config.ts";

/** `file:line path: message (hint)` */
export function issueText({ path, message, file, line, hint }: ConfigIssue): string {
  const where = file ? `${file}${line === undefined ? "" : `:${line}`} ` : "";
  return `${where}${path === "" ? "" : `${path}: `}${message}${hint ? ` (${hint})` : ""}`;
}
