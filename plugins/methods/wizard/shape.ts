import { Type } from "openclaw/plugin-sdk";

const Text = Type.String();

/** protocol.md §9.12. */
const StepShape = Type.Object({
  id: Text,
  type: Text,
  title: Type.Optional(Text),
  message: Type.Optional(Text),
  options: Type.Optional(Type.Array(Type.Object({ value: Type.Unknown(), label: Text, hint: Type.Optional(Text) }))),
  initialValue: Type.Optional(Type.Unknown()),
  placeholder: Type.Optional(Text),
  sensitive: Type.Optional(Type.Boolean()),
  executor: Type.Optional(Text),
});

const Progress = {
  done: Type.Boolean(),
  step: Type.Optional(StepShape),
  status: Text,
  error: Type.Optional(Text),
};

export const WizardStartedShape = Type.Object({ sessionId: Text, ...Progress });
export const WizardProgressShape = Type.Object(Progress);
export const WizardStatusShape = Type.Object({ status: Text, error: Type.Optional(Text) });
