/** What a timer of Node can wait, some 24 days; anything longer it takes for no time at all. */
export const LONGEST_TIMER_MS = 2_147_483_647;
