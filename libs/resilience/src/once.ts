/**
 * `make`, once for all who ask: they share what it made, also while it is under way. After a failure, which all who waited
 * get, the next who asks has it tried again.
 */
export function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return async () => {
    const mine = (made ??= make());
    try {
      return await mine;
    } catch (error) {
      if (made === mine) made = undefined;
      throw error;
    }
  };
}
