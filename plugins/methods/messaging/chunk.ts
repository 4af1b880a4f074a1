/** Parts of `text` of at most `limit` characters, cut at a blank line, else a line, else a space. */
export function chunkText(text: string, limit: number): string[] {
  const chunks: string[] = [];
  let rest = text;
  while (rest.length > limit) {
    const head = rest.slice(0, limit + 1);
    const cut = [head.lastIndexOf("\n\n"), head.lastIndexOf("\n"), head.lastIndexOf(" ")].find((at) => at > limit / 2);
    const end = cut ?? wholeCharacters(rest, limit);
    chunks.push(rest.slice(0, end).trimEnd());
    rest = rest.slice(end).trimStart();
  }
  return rest === "" && chunks.length > 0 ? chunks : [...chunks, rest];
}

/** A cut between the halves of a surrogate pair would break the character. */
function wholeCharacters(text: string, end: number): number {
  const code = text.charCodeAt(end - 1);
  return code >= 0xd800 && code <= 0xdbff ? end - 1 : end;
}
