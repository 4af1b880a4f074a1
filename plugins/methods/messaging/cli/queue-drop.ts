import { queueChange } from "./queue-change.ts";

/** `openclaw queue drop <id>`: give up on it. */
export default queueChange("queue.drop", ({ id, state }) => `${id} is ${state}`);
