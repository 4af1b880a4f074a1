import { imageType } from "../attachment.ts";
import type { ContentBlock } from "../services/sessions.ts";
import { badRequest } from "./api-error.ts";
import type { FileRules, GivenFile } from "./given-file.ts";

/** http.md §4 and §5; addresses are a matter of the endpoint. */
export const IMAGE_RULES: Required<FileRules> = {
  allowUrl: false,
  allowHosts: [],
  allowedMimes: ["image/png", "image/jpeg", "image/gif", "image/webp"],
  maxBytes: 10_000_000,
  maxRedirects: 3,
  timeoutMs: 10_000,
};

/** The image for a model. What its bytes are counts, not what it is said to be. */
export function imageBlock({ bytes }: GivenFile, param: string, { allowedMimes }: Required<FileRules>): ContentBlock {
  const mimeType = imageType(bytes);
  if (mimeType === undefined || !allowedMimes.includes(mimeType))
    throw badRequest(`${param}: is no image of a kind that is taken (${allowedMimes.join(", ")})`, param);
  return { type: "image", data: bytes.toString("base64"), mimeType };
}
