const MAX_DIAGNOSTICS = 50;

/** What `plugins list` shows of one generation beyond its manifest. */
export class Notes {
  readonly diagnostics: Set<string> = new Set();
  /** Names of the established contract that the plugin uses and this gateway lacks. */
  readonly unsupported: Set<string> = new Set();
  readonly #contributed = new Map<string, string[]>();

  /** False when the same text is known, or there are too many already. */
  diagnose(text: string): boolean {
    if (this.diagnostics.has(text) || this.diagnostics.size >= MAX_DIAGNOSTICS) return false;
    this.diagnostics.add(text);
    return true;
  }

  /** Note that the plugin adds `name`. Returns the undo. */
  contribute(kind: string, name: string): () => void {
    const names = this.#contributed.get(kind) ?? [];
    names.push(name);
    this.#contributed.set(kind, names);
    return () => void names.splice(names.indexOf(name), 1);
  }

  /** `declared` by the manifest and what was added besides, by kind. */
  merge(declared: Readonly<Record<string, readonly string[]>>): Record<string, readonly string[]> {
    const merged: Record<string, readonly string[]> = { ...declared };
    for (const [kind, names] of this.#contributed) {
      if (names.length > 0) merged[kind] = [...new Set([...(declared[kind] ?? []), ...names])];
    }
    return merged;
  }
}
