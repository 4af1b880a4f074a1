import type { Api } from "./api.ts";
import { GarbledAnswer } from "./failure.ts";

const MAX = 1_000;

/** Which channel a direct conversation with a person is. Discord makes it when asked for, and always names the same. */
export class Directs {
  readonly #channels = new Map<string, string>();

  learned(userId: string, channelId: string): void {
    this.#channels.delete(userId);
    this.#channels.set(userId, channelId);
    if (this.#channels.size <= MAX) return;
    for (const oldest of this.#channels.keys()) {
      this.#channels.delete(oldest);
      break;
    }
  }

  async open(userId: string, api: Api, signal?: AbortSignal): Promise<string> {
    const known = this.#channels.get(userId);
    if (known !== undefined) return known;
    const { id } = await api.object("POST", "/users/@me/channels", { body: { recipient_id: userId }, signal });
    if (typeof id !== "string") throw new GarbledAnswer();
    this.learned(userId, id);
    return id;
  }
}
