export function escapeHtml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

const SLACK_TOKEN = /<(?:@[UW][A-Z0-9]+|#[CG][A-Z0-9]+)(?:\|[^<>|]*)?>/g;

/** Mentions of people and rooms stay what they are; those of everybody become text. */
export function escapeSlack(text: string): string {
  return outside(text, SLACK_TOKEN, escapeHtml);
}

const URL_OR_TOKEN = /https?:\/\/[^\s<>]+|<(?:@[!&]?\d+|#\d+|a?:\w+:\d+|t:-?\d+(?::[a-zA-Z])?)>/g;

/** Nothing in the text is markup afterwards; addresses and mentions stay as they are, or they would not work. */
export function escapeMarkdown(text: string, isLineStart: boolean): string {
  const escaped = outside(text, URL_OR_TOKEN, (part) =>
    part
      .replaceAll(/[\\`]|~~|\|\||(?<!\s)\*|\*(?!\s)/g, (marker) =>
        marker.length === 2 ? `\\${marker[0]}\\${marker[1]}` : `\\${marker}`,
      )
      .replaceAll(/(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, "\\_"),
  );
  return isLineStart ? escaped.replace(/^(\s*)(>|#{1,3}(?=\s)|-(?=\s)|-#(?=\s))/, "$1\\$2") : escaped;
}

function outside(text: string, kept: RegExp, escape: (part: string) => string): string {
  let result = "";
  let from = 0;
  for (const { 0: token, index } of text.matchAll(kept)) {
    result += escape(text.slice(from, index)) + token;
    from = index + token.length;
  }
  return result + escape(text.slice(from));
}
