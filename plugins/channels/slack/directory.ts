import type { Api } from "./api.ts";

const PAGES = 10;
const PAGE = 200;
const LIMIT_MS = 10_000;

interface Entry {
  readonly id?: string;
  readonly name?: string;
  readonly deleted?: boolean;
  readonly is_archived?: boolean;
  readonly profile?: { readonly display_name?: string };
}

/** Ids of the channels or people of a workspace that have this name. Looks through two thousand of them at most. */
export async function findByName(api: Api, name: string, kind: "channel" | "user"): Promise<string[]> {
  const wanted = name.toLowerCase();
  const [method, field] =
    kind === "user" ? (["users.list", "members"] as const) : (["conversations.list", "channels"] as const);
  const types = kind === "user" ? {} : { types: "public_channel,private_channel", exclude_archived: true };
  const found: string[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < PAGES; page++) {
    const answer = await api.call(method, { limit: PAGE, ...types, ...(cursor && { cursor }) }, { limitMs: LIMIT_MS });
    const entries = Array.isArray(answer[field]) ? (answer[field] as Entry[]) : [];
    for (const entry of entries) {
      const names = [entry.name, entry.profile?.display_name].map((one) => one?.toLowerCase());
      if (entry.id !== undefined && !entry.deleted && !entry.is_archived && names.includes(wanted))
        found.push(entry.id);
    }
    cursor = (answer["response_metadata"] as { readonly next_cursor?: string } | undefined)?.next_cursor;
    if (!cursor) break;
  }
  return found;
}
