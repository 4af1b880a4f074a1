import { createHash } from "node:crypto";
import { connect } from "node:tls";
import type { TLSSocket } from "node:tls";

/** The gateway showed another certificate than the one that was pinned. Nothing was sent to it. */
export class TlsPinMismatchError extends Error {
  readonly code = "TLS_PIN_MISMATCH";

  constructor(expected: string, shown: string) {
    super(
      `the gateway's certificate is not the pinned one: SHA-256 ${shown}, expected ${expected}; ` +
        "compare with the fingerprint that `openclaw gateway status` prints on the gateway's machine",
    );
    this.name = "TlsPinMismatchError";
  }
}

/** A pin as it is compared: lower-case hex without colons, or nothing for what is no SHA-256. */
export function normalizeFingerprint(text: string): string | undefined {
  const hex = text
    .replace(/^sha-?256[:=]/i, "")
    .replaceAll(/[:\s]/g, "")
    .toLowerCase();
  return /^[0-9a-f]{64}$/.test(hex) ? hex : undefined;
}

/**
 * A TLS connection to `url` that was seen to have the pinned certificate. Its chain is not checked: who holds the key
 * of that certificate is whom we mean (operations.md §6.3). Rejects before a byte of ours is sent.
 */
export function connectPinned(url: URL, fingerprint: string, timeoutMs: number): Promise<TLSSocket> {
  const expected = normalizeFingerprint(fingerprint);
  if (expected === undefined)
    return Promise.reject(
      new Error(`"${fingerprint}" is no SHA-256 fingerprint; give 64 hex digits, with or without colons`),
    );
  const host = url.hostname.replace(/^\[|\]$/g, "");
  const socket = connect({
    host,
    port: Number(url.port || 443),
    // The pin takes the place of the chain.
    rejectUnauthorized: false,
    minVersion: "TLSv1.2",
    ALPNProtocols: ["http/1.1"],
    ...(/[a-z]/i.test(host) && !host.includes(":") && { servername: host }),
  });
  return new Promise((resolve, reject) => {
    const fail = (error: Error) => {
      socket.destroy();
      reject(error);
    };
    socket.setTimeout(timeoutMs, () => fail(new Error(`no TLS handshake within ${timeoutMs} ms`)));
    socket.once("error", fail);
    socket.once("secureConnect", () => {
      const { raw } = socket.getPeerCertificate();
      const shown = createHash("sha256").update(raw).digest("hex");
      if (shown !== expected) return fail(new TlsPinMismatchError(expected, shown));
      socket.setTimeout(0);
      socket.off("error", fail);
      resolve(socket);
    });
  });
}
