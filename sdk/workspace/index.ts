/** The folder of an agent: where it is, which files it begins with, and who the agent is by them. */
export { identityText, parseIdentity, readIdentity } from "./identity.ts";
export type { Identity } from "./identity.ts";
export { defaultWorkspace, workspaceOf } from "./place.ts";
export { prepareWorkspace } from "./prepare.ts";
export type { PreparedWorkspace } from "./prepare.ts";
export { BOOTSTRAP_FILES } from "./templates.ts";
