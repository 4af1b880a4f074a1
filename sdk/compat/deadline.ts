/** Resolves true when `ms` passed before `work` settled, whichever way. */
export async function late(work: Promise<unknown>, ms: number): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => resolve(true), ms).unref();
  const settled = () => resolve(false);
  work.then(settled, settled);
  return promise.finally(() => clearTimeout(timer));
}
