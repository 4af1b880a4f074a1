import { closed, GatewayError, NonEmptyString, Type } from "openclaw/plugin-sdk";
import type { SessionIndex } from "./session-index.ts";
import type { Transcripts } from "./transcripts.ts";

export const DeleteParams = closed({ key: NonEmptyString, deleteTranscript: Type.Optional(Type.Boolean()) });

export interface DeleteParts {
  readonly index: SessionIndex;
  readonly transcripts: Transcripts;
  readonly isMain: (key: string) => boolean;
  /** Ends what runs in the session; throws when it does not end. */
  readonly quiet: (key: string) => Promise<void>;
}

export interface Deleted {
  readonly deleted: boolean;
  readonly archived: readonly string[];
}

/** `sessions.delete`: forgets a session and puts its transcript aside (sessions.md §5). */
export async function deleteSession(
  key: string,
  deleteTranscript: boolean,
  { index, transcripts, isMain, quiet }: DeleteParts,
): Promise<Deleted> {
  if (isMain(key)) throw new GatewayError("INVALID_REQUEST", `Cannot delete the main session (${key}).`);
  if (!(await index.get(key))) return { deleted: false, archived: [] };
  await quiet(key);
  const session = await index.remove(key);
  if (!session) return { deleted: false, archived: [] };
  return { deleted: true, archived: deleteTranscript ? await transcripts.archive(session) : [] };
}
