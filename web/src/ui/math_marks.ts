/** Finds TeX in a text that people or models wrote, and what needs Markdown at all. */

/** Marks of Markdown or TeX. A text without any is shown as it is, and no parser is loaded. */
const MARKS = /[`*_\\$[<]|^\s{0,3}(?:[-+#>]|\d{1,9}[.)])\s/m;
/** Longer texts, and texts of signs only, take parsers too long: they are shown as they are. */
const MOST_CHARACTERS = 20_000;
const MOST_SIGNS = 600;
const SIGNS = /[*_[\]<>`~|!#]/g;
const MOST_QUOTES = /^[\s>]*(?:>[\s>]*){12}/m;
const MOST_INDENT = /^(?:[ \t]|[-+*] |\d+[.)] ){40}/m;

export function isRich(text: string): boolean {
  if (!MARKS.test(text) || text.length > MOST_CHARACTERS) return false;
  if (MOST_QUOTES.test(text) || MOST_INDENT.test(text)) return false;
  return (text.match(SIGNS)?.length ?? 0) <= MOST_SIGNS;
}

/** Whether a text may have mathematics, for which another parser is needed. */
export function hasMath(text: string): boolean {
  return /\$|\\[([]/.test(text);
}

/**
 * Code spans and blocks, which stay as they are, and then each notation of mathematics: `\[…\]`, `$$…$$`,
 * `\(…\)` and `$…$`. A single dollar opens only before a sign that is no space, and closes only after
 * one and before no digit, so that prices are no mathematics.
 */
const PARTS =
  /(?<code>```[\s\S]*?(?:```|$)|`[^`\n]*`)|\\\[(?<block>[\s\S]{1,2000}?)\\\]|\$\$(?<dollars>[^$]{1,2000}?)\$\$|\\\((?<inline>[^\n]{1,2000}?)\\\)|(?<escaped>\\[\\$])|\$(?<dollar>[^\s$](?:[^$\n]{0,1000}?[^\s$\\])?)\$(?![\d$])/g;

/** The text with each formula between two dollars; one that stands alone is on lines of its own. */
export function withDollars(text: string): string {
  return text.replace(PARTS, (whole: string, ...rest: unknown[]) => {
    const groups = rest.at(-1) as Record<string, string | undefined>;
    const at = rest.at(-3) as number;
    const display = groups["block"] ?? groups["dollars"];
    if (display !== undefined) {
      const before = text.slice(text.lastIndexOf("\n", at - 1) + 1, at);
      const after = /^[^\n]*/.exec(text.slice(at + whole.length))?.[0] ?? "";
      const isAlone = !before.trim() && !after.trim();
      const tex = display.trim();
      return isAlone ? `$$\n${tex.replace(/\n\s*\n/g, "\n")}\n$$` : `$$${tex.replace(/\s+/g, " ")}$$`;
    }
    const tex = groups["inline"] ?? groups["dollar"];
    return tex === undefined ? whole : `$$${tex.trim()}$$`;
  });
}
