/** Why a connection ended, and what can be done about it (channels.md §3.4, "Close codes"). */
export interface CloseReason {
  readonly code: number;
  /**
   * `restart`: the network asks for a new connection at once. `retry`: after a pause. `conflict`: after a pause, and
   * people are told. `logged-out` and `refused`: trying again cannot help.
   */
  readonly action: "restart" | "retry" | "conflict" | "logged-out" | "refused";
  /** For people. */
  readonly message: string;
  readonly fix?: string;
}

export const LOGIN_FIX = "openclaw channels login --channel whatsapp";
/** No frame came for so long that the link is dead, whatever the socket says. */
export const SILENT_CODE = 499;

const KNOWN: Readonly<Record<number, Omit<CloseReason, "code">>> = {
  401: {
    action: "logged-out",
    message: "WhatsApp logged this device out (401 logged out); re-link it with `openclaw channels login`",
    fix: LOGIN_FIX,
  },
  403: {
    action: "refused",
    message: "WhatsApp refuses this number (403 forbidden): it is banned or restricted",
    fix: "open WhatsApp on the phone and see what it says about the account",
  },
  405: {
    action: "refused",
    message: "WhatsApp no longer accepts this version of its protocol (405 client too old)",
    fix: "install the version of @whiskeysockets/baileys that this gateway's documentation names",
  },
  411: {
    action: "refused",
    message: "the phone does not offer linked devices (411 multi-device mismatch)",
    fix: "update WhatsApp on the phone, then link it again: openclaw channels login --channel whatsapp",
  },
  408: { action: "retry", message: "the connection to WhatsApp was lost (408 timed out)" },
  428: { action: "retry", message: "WhatsApp closed the connection (428 connection closed)" },
  440: {
    action: "conflict",
    message: "another program took over this WhatsApp session (440 conflict); it is tried again",
    fix: "stop the other gateway or client that uses the same credentials",
  },
  [SILENT_CODE]: { action: "retry", message: "nothing was heard from WhatsApp for a long time (499 silent)" },
  500: { action: "retry", message: "WhatsApp reported an error (500 bad session)" },
  503: { action: "retry", message: "WhatsApp is not available (503 unavailable)" },
  515: { action: "restart", message: "WhatsApp asked for a new connection (515 restart required)" },
};

/** Never throws: what is not known is tried again. `detail` is the library's word for what nobody has a name for. */
export function closeReason(code: number | undefined, detail = ""): CloseReason {
  if (code === undefined) return { code: 0, action: "retry", message: `the connection ended${said(detail)}` };
  const known = KNOWN[code];
  // 500 is also what the library calls every failure of its own
  if (known) return { code, ...known, ...(code === 500 && { message: known.message + said(detail) }) };
  return { code, action: "retry", message: `the connection to WhatsApp ended (${code})${said(detail)}` };
}

function said(detail: string): string {
  const text = detail.trim().slice(0, 200);
  return text === "" ? "" : `: ${text}`;
}
