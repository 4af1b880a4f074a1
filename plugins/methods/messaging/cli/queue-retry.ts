import { queueChange } from "./queue-change.ts";

/** `openclaw queue retry <id>`: once more, what came to a bad end. */
export default queueChange("queue.retry", ({ id }) => `${id} is tried again; see openclaw trace ${id}`);
