import type { ModelCandidate, ModelsApi, Session } from "openclaw/plugin-sdk";

/** The model of a turn, ready to stream. Throws one sentence that names the command to run. */
export async function chooseModel(models: ModelsApi, session: Session): Promise<ModelCandidate> {
  const [first] = await models.candidates({ agentId: session.agentId, session });
  if (!first) throw new Error("there is no model to ask");
  return first;
}
