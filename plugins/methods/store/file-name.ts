/** The store's file in the state directory. */
export const FILE_NAME = "openclaw.sqlite";
