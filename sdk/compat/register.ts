import type { PluginGateway } from "../gateway.ts";
export type Register = (api: never) => unknown;
export function activateRegister(_register: Register, _gateway: PluginGateway, _source: string): Promise<void> {
  throw new Error("TODO");
}
