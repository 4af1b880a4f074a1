import { errorText } from "../error.ts";
import { guardedFetch } from "../net/index.ts";
import { badRequest } from "./api-error.ts";

/** What one kind of files of a request may be; the section `images` or `files` of an endpoint. */
export interface FileRules {
  /** May they be named by address? Those are fetched under guard. */
  readonly allowUrl?: boolean;
  /** Hosts that are fetched from although they are not public. */
  readonly allowHosts?: readonly string[];
  readonly allowedMimes?: readonly string[];
  readonly maxBytes?: number;
  readonly maxRedirects?: number;
  readonly timeoutMs?: number;
}

export interface GivenFile {
  readonly bytes: Buffer;
  /** As it was said to be. */
  readonly contentType: string;
}

export interface FileBudget {
  /** Files, and those of them that are fetched. */
  readonly maxCount: number;
  readonly maxUrls: number;
  readonly maxTotalBytes: number;
}

const DATA_URL = /^data:([^;,]*)((?:;[^;,]*)*),/s;
const BASE64 = /^[A-Za-z0-9+/_-]*={0,2}$/;

/** Reads the files of one request, each within its rules and all within one budget. */
export class GivenFiles {
  readonly #budget: FileBudget;
  readonly #signal: AbortSignal;
  #count = 0;
  #urls = 0;
  #total = 0;

  constructor(budget: FileBudget, signal: AbortSignal) {
    this.#budget = budget;
    this.#signal = signal;
  }

  /** A data URL, or the address of a file. `param` is where it stood. */
  async ofUrl(url: string, param: string, rules: Required<FileRules>): Promise<GivenFile> {
    if (!/^data:/i.test(url.slice(0, 5))) return this.#fetched(url, param, rules);
    const head = DATA_URL.exec(url.slice(0, 500));
    if (!head || !/;base64$/i.test(head[2] ?? "")) throw badRequest(`${param}: data URLs have to be base64`, param);
    return this.ofBase64(url.slice(head[0].length), head[1] ?? "", param, rules);
  }

  ofBase64(data: string, contentType: string, param: string, rules: Required<FileRules>): GivenFile {
    this.#counted(param);
    // Before anything is decoded.
    this.#assertSize(Math.floor((data.length * 3) / 4) - 2, param, rules);
    const text = data.replaceAll(/\s+/g, "");
    if (text === "" || !BASE64.test(text)) throw badRequest(`${param}: is not base64`, param);
    const bytes = Buffer.from(text, "base64");
    this.#taken(bytes, param, rules);
    return { bytes, contentType: contentType.trim().toLowerCase() };
  }

  async #fetched(url: string, param: string, rules: Required<FileRules>): Promise<GivenFile> {
    if (!rules.allowUrl)
      throw badRequest(`${param}: addresses are not fetched here; send the file as a data URL`, param);
    this.#counted(param);
    if (++this.#urls > this.#budget.maxUrls)
      throw badRequest(`${param}: more than ${this.#budget.maxUrls} addresses`, param);
    const { maxBytes, maxRedirects, timeoutMs, allowHosts } = rules;
    const options = { maxBytes, maxRedirects, timeoutMs, allowHosts, refuseLonger: true, signal: this.#signal };
    const answer = await guardedFetch(url, options).catch((error: unknown) => {
      this.#signal.throwIfAborted();
      throw badRequest(`${param}: cannot be fetched: ${errorText(error)}`, param);
    });
    if (answer.status !== 200)
      throw badRequest(`${param}: cannot be fetched: the server answered ${answer.status}`, param);
    this.#taken(answer.body, param, rules);
    return { bytes: answer.body, contentType: answer.contentType.split(";")[0]?.trim().toLowerCase() ?? "" };
  }

  #counted(param: string): void {
    if (++this.#count > this.#budget.maxCount)
      throw badRequest(`${param}: more than ${this.#budget.maxCount} files`, param);
  }

  #taken(bytes: Buffer, param: string, rules: Required<FileRules>): void {
    this.#assertSize(bytes.length, param, rules);
    this.#total += bytes.length;
    if (this.#total > this.#budget.maxTotalBytes)
      throw badRequest(`${param}: the files are larger than ${this.#budget.maxTotalBytes} bytes together`, param);
  }

  #assertSize(size: number, param: string, { maxBytes }: Required<FileRules>): void {
    if (size > maxBytes) throw badRequest(`${param}: is larger than ${maxBytes} bytes`, param);
  }
}
