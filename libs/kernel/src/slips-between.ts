/** How many letters are wrong, missing, extra or swapped with their neighbour (optimal string alignment). Both must be short. */
export function slipsBetween(left: string, right: string): number {
  let before: number[] = [];
  let above = Array.from({ length: right.length + 1 }, (_, column) => column);
  for (let row = 1; row <= left.length; row++) {
    const line = [row];
    for (let column = 1; column <= right.length; column++) {
      const same = left[row - 1] === right[column - 1] ? 0 : 1;
      const swapped = left[row - 1] === right[column - 2] && left[row - 2] === right[column - 1];
      const least = Math.min(above[column]! + 1, line[column - 1]! + 1, above[column - 1]! + same);
      line.push(swapped ? Math.min(least, before[column - 2]! + 1) : least);
    }
    [before, above] = [above, line];
  }
  return above[right.length]!;
}
