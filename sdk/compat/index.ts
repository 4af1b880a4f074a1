/** The established plugin shape `register(api)`, as a layer over the same hooks. */
export { establishedCommands } from "./cli.ts";
export type { CommandLinePlugin, EstablishedCommand } from "./cli.ts";
export { establishedModules } from "./modules.ts";
export type { ModuleSources } from "./modules.ts";
export { activateRegister, registerOf } from "./register.ts";
export type { Register, RegisterModule } from "./register.ts";
