/** The established plugin shape `register(api)`, as a layer over the same hooks. */
export { establishedSdk } from "./names.ts";
export { activateRegister } from "./register.ts";
export type { Register } from "./register.ts";
