import assert from "node:assert/strict";
import { test } from "node:test";
import { startHttpBench } from "./http-bench.ts";

const AT_ONCE = 200;

test("two hundred streams at once are each whole, and each its own", async () => {
  await using bench = await startHttpBench();
  bench.model.otherwise = (reply, { body }) => {
    const asked = String(body.messages.at(-1)?.content);
    for (const word of ["You ", "said ", asked, "."]) reply.text(word);
    reply.end();
  };

  const answers = await Promise.all(
    Array.from({ length: AT_ONCE }, (_, at) =>
      bench.ask("/v1/chat/completions", {
        model: "openclaw",
        stream: true,
        messages: [{ role: "user", content: `number ${at}` }],
      }),
    ),
  );

  const texts = answers.map(({ status, text }) => {
    const events = text.split("\n\n").filter((event) => event.startsWith("data: {"));
    const parts = events.map(
      (event) =>
        JSON.parse(event.slice(6)) as { choices: { delta: { content?: string }; finish_reason: string | null }[] },
    );
    const said = parts.map(({ choices }) => choices[0]?.delta.content ?? "").join("");
    return `${status} ${said} ${parts.at(-1)?.choices[0]?.finish_reason} ${text.endsWith("data: [DONE]\n\n")}`;
  });
  assert.deepEqual(
    texts,
    Array.from({ length: AT_ONCE }, (_, at) => `200 You said number ${at}. stop true`),
  );
});
