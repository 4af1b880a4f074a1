/** When the last message was sent that an account took in: what is younger at the next start is new. */
export interface Cursor {
  read(accountId: string): Promise<number | undefined>;
  moved(accountId: string, at: number): void;
}
