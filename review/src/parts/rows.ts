// Rows that came in pages, as one sequence, without copying what came before.

export interface Rows<Row> {
  readonly count: number;
  at: (index: number) => Row | undefined;
}

/** The number of the last start that is not beyond `index`. */
function pageWith(starts: readonly number[], index: number): number {
  let [low, high] = [0, starts.length - 1];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((starts[middle] ?? Infinity) <= index) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** Takes a look at each page, and at no row. */
export function rowsOf<Row>(pages: readonly { rows: readonly Row[] }[]): Rows<Row> {
  let count = 0;
  const starts = pages.map(({ rows }) => (count += rows.length) - rows.length);
  return {
    count,
    at: (index) => {
      const page = pageWith(starts, index);
      return pages[page]?.rows[index - (starts[page] ?? 0)];
    },
  };
}
