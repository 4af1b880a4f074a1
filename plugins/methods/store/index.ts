import { createStorePlugin } from "./store-plugin.ts";

export default createStorePlugin();
