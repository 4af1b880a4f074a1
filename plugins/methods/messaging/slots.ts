/** So many at once per name; who comes when all are taken waits in line. */
export class Slots {
  readonly #taken = new Map<string, { count: number; line: (() => void)[] }>();

  /** Resolves with the function that gives the slot back. */
  async take(name: string, limit: number): Promise<() => void> {
    const slots = this.#taken.get(name) ?? { count: 0, line: [] };
    this.#taken.set(name, slots);
    // Whoever is woken is given the slot that became free: nobody can come between.
    if (slots.count >= limit) await new Promise<void>((resolve) => slots.line.push(resolve));
    else slots.count++;
    let given = false;
    return () => {
      if (given) return;
      given = true;
      const next = slots.line.shift();
      if (next) next();
      else if (--slots.count === 0) this.#taken.delete(name);
    };
  }
}
