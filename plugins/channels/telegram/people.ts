/** The stable id that an entry of an allowlist stands for. A name is none: its owner can change it (security.md S-36). */
export function userIdOf(entry: string): string | undefined {
  return /^(?:(?:telegram|tg):)?\s*(\d{1,20})$/i.exec(entry.trim())?.[1];
}
