import assert from "node:assert/strict";
import type { ResponseStreamEvent } from "openai/resources/responses/responses";

interface Open {
  readonly id: string;
  readonly kind: string;
  text: string;
  hasPart: boolean;
  isWhole: boolean;
}

/**
 * Holds a stream of a response against the established order: what is opened is closed, ids and places hold, what was told
 * in parts is what is told whole, and one event ends it. Returns the kinds of events, repeats of one left out.
 */
export function checkOrder(events: readonly ResponseStreamEvent[]): string[] {
  let open: Open | undefined;
  let items = 0;
  for (const [at, event] of events.entries()) {
    assert.equal(event.sequence_number, at);
    if (at === 0) assert.equal(event.type, "response.created");
    if (at === 1) assert.equal(event.type, "response.in_progress");
    if ("output_index" in event) assert.equal(event.output_index, items);
    if ("content_index" in event) assert.equal(event.content_index, 0);
    if ("item_id" in event) assert.equal(event.item_id, open?.id);
    switch (event.type) {
      case "response.output_item.added":
        assert.equal(open, undefined);
        open = { id: event.item.id ?? "", kind: event.item.type, text: "", hasPart: false, isWhole: false };
        break;
      case "response.content_part.added":
        assert.ok(open && open.kind === "message" && !open.hasPart);
        open.hasPart = true;
        break;
      case "response.output_text.delta":
        assert.ok(open?.hasPart && !open.isWhole);
        open.text += event.delta;
        break;
      case "response.function_call_arguments.delta":
        assert.ok(open?.kind === "function_call" && !open.isWhole);
        open.text += event.delta;
        break;
      case "response.output_text.done":
        assert.equal(event.text, open?.text);
        if (open) open.isWhole = true;
        break;
      case "response.function_call_arguments.done":
        assert.equal(event.arguments, open?.text);
        if (open) open.isWhole = true;
        break;
      case "response.content_part.done":
        assert.ok(open?.isWhole);
        assert.equal(event.part.type === "output_text" && event.part.text, open.text);
        break;
      case "response.output_item.done":
        assert.ok(open?.isWhole);
        assert.equal(event.item.id, open.id);
        open = undefined;
        items++;
        break;
      case "response.completed":
      case "response.incomplete":
      case "response.failed":
        assert.equal(open, undefined);
        assert.equal(at, events.length - 1);
        assert.equal(event.response.output.length, items);
        break;
    }
  }
  const kinds = events.map(({ type }) => type.replace("response.", ""));
  return kinds.filter((kind, at) => kind !== kinds[at - 1]);
}
