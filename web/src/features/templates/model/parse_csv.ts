import Papa from "papaparse";

import { COLUMNS, type Row, SAMPLE } from "./csv";

/** The rows of a file, with commas, semicolons or tabs between the cells. A cell may have several lines. */
export function parseCsv(text: string): Row[] {
  const plain = text.replace(/^\uFEFF/, "");
  const rows: Row[] = [];
  let begin = 0;
  let line = 1;
  Papa.parse<string[]>(plain, {
    delimiter: delimiterOf(plain),
    step: ({ data, meta }) => {
      rows.push({ line, cells: data });
      line += plain.slice(begin, meta.cursor).split(/\r\n|\n|\r/).length - 1;
      begin = meta.cursor;
    },
  });
  return rows.filter(({ cells }) => cells.some((cell) => cell.trim()));
}

/** The one that the first line has most often. A guess from all lines would also try the `|` within cells. */
function delimiterOf(text: string): string {
  const [head = ""] = text.trimStart().split("\n", 1);
  const counted = [",", ";", "\t"].map((sign) => ({ sign, count: head.split(sign).length }));
  return counted.reduce((best, other) => (other.count > best.count ? other : best)).sign;
}

export function sampleCsv(): string {
  const rows = SAMPLE.map((row) => COLUMNS.map((_, index) => row[index] ?? ""));
  return `${Papa.unparse(rows)}\r\n`;
}

/** Spreadsheets save UTF-8, UTF-16 with its mark, or what Windows had before. */
export function decodeText(bytes: ArrayBuffer): string {
  const [first, second] = new Uint8Array(bytes);
  if (first === 0xff && second === 0xfe) return new TextDecoder("utf-16le").decode(bytes);
  if (first === 0xfe && second === 0xff) return new TextDecoder("utf-16be").decode(bytes);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder("windows-1252").decode(bytes);
  }
}
