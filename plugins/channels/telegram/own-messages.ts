const REMEMBERED = 2_000;

/** Messages that the bot wrote since it was started: Telegram does not tell whose message a reaction is on. */
export class OwnMessages {
  readonly #ids = new Set<string>();

  add(chatId: string, messageId: string): void {
    this.#ids.add(`${chatId} ${messageId}`);
    const [oldest] = this.#ids;
    if (this.#ids.size > REMEMBERED && oldest !== undefined) this.#ids.delete(oldest);
  }

  has(chatId: string, messageId: string): boolean {
    return this.#ids.has(`${chatId} ${messageId}`);
  }
}
