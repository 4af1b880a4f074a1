import { Type } from "openclaw/plugin-sdk";

const Text = Type.String();
const Done = { ok: Type.Literal(true), agentId: Text };
const Identity = {
  name: Type.Optional(Text),
  theme: Type.Optional(Text),
  emoji: Type.Optional(Text),
  avatar: Type.Optional(Text),
};

export const AgentListShape = Type.Object({
  defaultId: Text,
  mainKey: Text,
  scope: Text,
  agents: Type.Array(
    Type.Object({ id: Text, name: Type.Optional(Text), identity: Type.Optional(Type.Object(Identity)) }),
  ),
});
export const AgentIdentityShape = Type.Object({ ...Identity, agentId: Text, name: Text, avatar: Text });
export const AgentCreatedShape = Type.Object({ ...Done, name: Text, workspace: Text });
export const AgentUpdatedShape = Type.Object(Done);
/** `archived`: where its folders are now; `kept`: those that stayed. Only where files were to go too. */
export const AgentDeletedShape = Type.Object({
  ...Done,
  removedBindings: Type.Integer(),
  archived: Type.Optional(Type.Array(Text)),
  kept: Type.Optional(Type.Array(Text)),
});

/** `content` where it was asked for and the file is there; `problem`: why it cannot be used. */
const AgentFileShape = Type.Object({
  name: Text,
  path: Text,
  missing: Type.Boolean(),
  size: Type.Optional(Type.Integer()),
  updatedAtMs: Type.Optional(Type.Integer()),
  content: Type.Optional(Text),
  problem: Type.Optional(Text),
});
const OfAgent = { agentId: Text, workspace: Text };

export const AgentFilesShape = Type.Object({ ...OfAgent, files: Type.Array(AgentFileShape) });
export const AgentFileReadShape = Type.Object({ ...OfAgent, file: AgentFileShape });
export const AgentFileWrittenShape = Type.Object({ ok: Type.Literal(true), ...OfAgent, file: AgentFileShape });
