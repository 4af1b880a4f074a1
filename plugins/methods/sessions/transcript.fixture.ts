// Appends messages to the main session and says which are written, until its parent ends it.
// Arguments: state directory, number of the first message.
import { writeSync } from "node:fs";
import { startSessions, userMessage } from "./place.fixture.ts";

const [stateDir = "", first = "0"] = process.argv.slice(2);
const { sessions } = await startSessions(stateDir);
const transcript = sessions.transcript(await sessions.open("main"));
const padding = "x".repeat(300_000);

for (let number = Number(first); ; number++) {
  await transcript.append(userMessage(`${number} ${padding}`));
  writeSync(1, `ok ${number}\n`);
}
