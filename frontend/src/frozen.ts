/** Left offsets of frozen columns (px): the sum of the frozen widths before each; null for those that scroll. */
export function offsets(widths: number[], frozen: boolean[]): (number | null)[] {
  let left = 0;
  return widths.map((width, i) => {
    if (!frozen[i]) return null;
    const at = left;
    left += width;
    return at;
  });
}
