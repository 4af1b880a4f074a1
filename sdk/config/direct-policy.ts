import type { ConfigIssue } from "../services/config.ts";

type Entries = readonly (string | number)[];

/** The keys of a channel or of an account that decide who is heard in direct messages, in both spellings. */
export interface DirectKeys {
  readonly dmPolicy?: string;
  readonly allowFrom?: Entries;
  readonly dm?: { readonly enabled?: boolean; readonly policy?: string; readonly allowFrom?: Entries };
}

export interface DirectPolicy {
  readonly dmPolicy: string;
  readonly allowFrom: Entries;
}

/** Who is heard in direct messages. The one reading of `dm.*`, which stands before the plain keys. */
export function directPolicyOf({ dm, dmPolicy, allowFrom }: DirectKeys): DirectPolicy {
  return {
    dmPolicy: dm?.enabled === false ? "disabled" : (dm?.policy ?? dmPolicy ?? "pairing"),
    allowFrom: dm?.allowFrom ?? allowFrom ?? [],
  };
}

/** A channel is opened to everybody in two places, so that it cannot happen by accident (channels.md §1.3). */
export function openIssues(section: unknown, path: string): ConfigIssue[] {
  if (!isObject(section)) return [];
  const { accounts, ...shared } = section;
  const named = isObject(accounts) ? Object.entries(accounts).filter(([, account]) => isObject(account)) : [];
  const places: [string, DirectKeys][] =
    named.length === 0
      ? [[path, shared]]
      : named.map(([id, account]) => [`${path}.accounts.${id}`, { ...shared, ...(account as DirectKeys) }]);
  return places.flatMap(([place, keys]) => (isOpenByHalf(keys) ? [issueOf(place, keys)] : []));
}

function isOpenByHalf(keys: DirectKeys): boolean {
  const { dmPolicy, allowFrom } = directPolicyOf(keys);
  return dmPolicy === "open" && !(Array.isArray(allowFrom) && allowFrom.includes("*"));
}

function issueOf(place: string, { dm }: DirectKeys): ConfigIssue {
  const inner = dm?.policy === undefined && dm?.allowFrom === undefined ? "" : ".dm";
  return {
    path: `${place}${inner}.allowFrom`,
    message: `${inner === "" ? "dmPolicy" : "dm.policy"}="open" requires allowFrom to include "*"`,
    hint: 'add "*" to hear everybody, or choose "allowlist" or "pairing"',
  };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
