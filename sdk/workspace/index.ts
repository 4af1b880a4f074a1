/** The folder of an agent: where it is, which files it begins with, who the agent is by them, and how such files begin. */
export { parseFrontMatter } from "./front-matter.ts";
export type { FrontMatter } from "./front-matter.ts";
export { identityText, parseIdentity, readIdentity } from "./identity.ts";
export type { Identity } from "./identity.ts";
export { defaultWorkspace, workspaceOf } from "./place.ts";
export { prepareWorkspace } from "./prepare.ts";
export type { PreparedWorkspace } from "./prepare.ts";
export { isSandboxed, SANDBOX_WORKSPACE, sandboxRoot, sandboxSettings } from "./sandbox-settings.ts";
export type { SandboxDocker, SandboxSettings, SandboxSubject } from "./sandbox-settings.ts";
export { BOOTSTRAP_FILES } from "./templates.ts";
