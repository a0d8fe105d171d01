/** Comma-separated values by RFC 4180, as spreadsheets open them. */

/** Of a cell. Null: there is none. */
export type Value = string | number | null;

/** Spreadsheets take UTF-8 for what it is only behind this mark. */
const BYTE_ORDER_MARK = "\uFEFF";
/**
 * What a spreadsheet may take for a formula: it begins with one of these signs, full width or not,
 * or with a control character; spaces before the sign may be removed.
 */
const FORMULA = /^(?:\s*[=+\-@＝＋－＠]|[\u0000-\u001f])/u;
const QUOTED = /[",\r\n]/;

/** Rows with the same number of cells. Numbers stay numbers, with a point before their decimals. */
export function toCsv(rows: readonly (readonly Value[])[]): string {
  return BYTE_ORDER_MARK + rows.map((row) => `${row.map(fieldOf).join(",")}\r\n`).join("");
}

function fieldOf(value: Value): string {
  if (value === null) return "";
  if (typeof value === "number") return String(value);
  const text = FORMULA.test(value) ? `'${value}` : value;
  return QUOTED.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Has the browser save a file. */
export function download(name: string, csv: string): void {
  const url = URL.createObjectURL(new Blob([csv], { type: "text/csv;charset=utf-8" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  // Later: a browser may begin to read the file after this call.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
