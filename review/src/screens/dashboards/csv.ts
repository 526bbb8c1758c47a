// Tables as CSV (RFC 4180), made from the rows that are on the screen.

export type CsvValue = string | number | undefined;

/** Names say the unit: "median_ms", "in_time_percent". */
export interface CsvColumn<Row> {
  name: string;
  value: (row: Row) => CsvValue;
}

/** A spreadsheet takes text that begins so for a formula. */
function isFormula(text: string): boolean {
  return /^[=+\-@\t\r]/.test(text);
}

function field(value: CsvValue): string {
  if (value === undefined) return "";
  if (typeof value === "number") return Number.isFinite(value) ? value.toString() : "";
  const text = isFormula(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

export function toCsv<Row>(columns: readonly CsvColumn<Row>[], rows: readonly Row[]) {
  const lines = [
    columns.map(({ name }) => field(name)),
    ...rows.map((row) => columns.map(({ value }) => field(value(row)))),
  ];
  return lines.map((line) => `${line.join(",")}\r\n`).join("");
}

/** Lets the browser save a file. */
export function saveText(name: string, text: string, type = "text/csv"): void {
  const url = URL.createObjectURL(new Blob([text], { type: `${type};charset=utf-8` }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}
