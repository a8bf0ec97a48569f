/**
 * The result of `work`, or, after `ms`, what `onTimeout` returns or throws. The work itself is not stopped, and its
 * later result or failure is ignored. Leaves no timer behind.
 */
export async function withTimeout<T, Late = never>(
  ms: number,
  work: Promise<T>,
  onTimeout: () => Late | Promise<Late>,
): Promise<T | Late> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, Math.max(0, ms)))).then(onTimeout);
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
