import { GatewayError, Type } from "openclaw/plugin-sdk";

export const EditParameters = Type.Object({
  path: Type.String(),
  oldText: Type.String({ minLength: 1, description: "exactly as it is in the file; must be there once" }),
  newText: Type.String(),
});

/** `text` with the one place that reads `oldText` changed. Line ends of the file are kept. */
export function replaceOnce(text: string, oldText: string, newText: string, name: string): string {
  const [wanted, written] = text.includes(oldText) ? [oldText, newText] : [withCrlf(oldText), withCrlf(newText)];
  const count = text.split(wanted).length - 1;
  if (count === 0)
    throw new GatewayError("INVALID_REQUEST", `oldText was not found in ${name}; read the file and copy it exactly`);
  if (count > 1)
    throw new GatewayError(
      "INVALID_REQUEST",
      `oldText was found ${count} times in ${name}; give more of the text around it, so that it is there once`,
    );
  if (oldText === newText) throw new GatewayError("INVALID_REQUEST", "oldText and newText are the same");
  const at = text.indexOf(wanted);
  return text.slice(0, at) + written + text.slice(at + wanted.length);
}

/** Models write LF whatever the file has. */
function withCrlf(text: string): string {
  return text.replaceAll(/\r?\n/g, "\r\n");
}
