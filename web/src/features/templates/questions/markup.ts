/** HTML of other systems as the Markdown and TeX that the app shows. What it can't show is named. */

import { type Notes, Refused } from "./item";
import { texOf } from "./tex";

const MAX_DEPTH = 60;
/** A line break within a paragraph, until white space is tidied. */
const BREAK = "\u0000";
const HTML_MARK = /<\/?[a-zA-Z][^<>]*>|&(?:[a-zA-Z]+|#[0-9]+|#x[0-9a-fA-F]+);/;

/** The document is never shown: its scripts do not run, and nothing is loaded. */
function parsed(html: string): Element {
  return new DOMParser().parseFromString(html, "text/html").body;
}

export function fromHtml(html: string, notes: Notes): string {
  return fromTree(parsed(html), notes);
}

/** Of an element of XML, whose tags are those of HTML. */
export function fromTree(element: Element, notes: Notes): string {
  return new Writer(notes).blocks(element, 0);
}

/** The Markdown that shows the very text, line by line; TeX in it stays TeX. */
export function fromPlain(text: string): string {
  const lines = text.trim().split(/\r\n|\r|\n/);
  return lines
    .map((line) => line.trim())
    .join("\n")
    .split(/\n{2,}/)
    .map((paragraph) => escaped(paragraph).split("\n").map(lineStart).join("  \n"))
    .join("\n\n");
}

/** Of a text whose format is not named: HTML where it has a tag or a character reference. */
export function fromUnmarked(text: string, notes: Notes): string {
  return HTML_MARK.test(text) ? fromHtml(text.trim().replaceAll("\n", "<br>"), notes) : fromPlain(text);
}

/** For a choice, which is shown within a line. */
export function inOneLine(markdown: string): string {
  return words(markdown);
}

/** The text without HTML, for a name or an accepted answer. */
export function plainText(text: string): string {
  return words(HTML_MARK.test(text) ? parsed(text).textContent : text);
}

function words(text: string): string {
  return text.split(/\s+/).filter(Boolean).join(" ");
}

const names = (text: string) => new Set(text.split(" "));
const PARAGRAPHS = names(
  "p div section article header footer main figure figcaption address center body html " +
    "dl dt dd fieldset legend details summary h1 h2 h3 h4 h5 h6",
);
const HEADINGS = names("h1 h2 h3 h4 h5 h6 dt");
const OTHER_BLOCKS = names("ul ol pre blockquote table");
const EMPHASIS: Readonly<Record<string, string>> = { strong: "**", b: "**", em: "*", i: "*" };
const TRANSPARENT = names(
  "span a u s ins del small big font mark abbr acronym cite q dfn kbd samp var tt label bdi bdo " +
    "nobr tbody thead tfoot colgroup caption",
);
const DROPPED = names("style link meta head title wbr col hr");
const MEDIA = names("script iframe object audio video svg");

class Writer {
  readonly #notes: Notes;

  constructor(notes: Notes) {
    this.#notes = notes;
  }

  /** The paragraphs of an element, with empty lines between them. */
  blocks(parent: Element, depth: number): string {
    if (depth > MAX_DEPTH) throw new Refused("too_deep");
    const done: string[] = [];
    let run = "";
    for (const child of parent.childNodes) {
      const block = isElement(child) ? this.#block(child, depth + 1) : null;
      if (block === null) run += this.#run(child, depth + 1);
      else {
        done.push(tidy(run), block);
        run = "";
      }
    }
    return [...done, tidy(run)].filter(Boolean).join("\n\n");
  }

  /** null for an element that is a part of a line. */
  #block(element: Element, depth: number): string | null {
    const tag = element.localName;
    if (tag === "ul" || tag === "ol") return this.#list(element, depth);
    if (tag === "pre") {
      const text = element.textContent;
      return text.trim() ? `\`\`\`\n${text.replace(/^\n+|\n+$/g, "")}\n\`\`\`` : "";
    }
    if (tag === "blockquote")
      return this.blocks(element, depth)
        .split("\n")
        .map((line) => `> ${line}`.trimEnd())
        .join("\n");
    if (tag === "table") {
      this.#notes.add("table");
      return rowsOf(element)
        .map((row) => this.#row(row, depth))
        .filter(Boolean)
        .join("  \n");
    }
    if (tag === "math" && element.getAttribute("display") === "block") return `$$${texOf(element)}$$`;
    if (!PARAGRAPHS.has(tag) && !hasBlock(element, 0)) return null;
    const inner = this.blocks(element, depth);
    const isHeading = HEADINGS.has(tag) && inner && !inner.includes("\n") && !inner.includes("**");
    return isHeading ? `**${inner}**` : inner;
  }

  #list(element: Element, depth: number): string {
    return [...element.children]
      .filter(({ localName }) => localName === "li")
      .map((item, index) => {
        const mark = element.localName === "ol" ? `${index + 1}. ` : "- ";
        const [first = "", ...rest] = this.blocks(item, depth + 1).split("\n");
        return [mark + first, ...rest.map((line) => (" ".repeat(mark.length) + line).trimEnd())].join("\n");
      })
      .join("\n");
  }

  #row(row: Element, depth: number): string {
    if (row.localName === "caption") return inOneLine(this.blocks(row, depth));
    return [...row.children]
      .map((cell) => inOneLine(this.blocks(cell, depth + 1)))
      .filter(Boolean)
      .join(" | ");
  }

  #run(node: Node, depth: number): string {
    if (!isElement(node)) {
      const isText = node.nodeType === Node.TEXT_NODE || node.nodeType === Node.CDATA_SECTION_NODE;
      return isText ? escaped((node.textContent ?? "").replaceAll(/\s+/g, " ")) : "";
    }
    if (depth > MAX_DEPTH) throw new Refused("too_deep");
    const tag = node.localName;
    const text = node.textContent.trim();
    if (tag === "br") return BREAK;
    if (tag === "img") return this.#image(node);
    if (tag === "code") return text && !text.includes("`") ? `\`${text}\`` : "";
    if (tag === "sub") return shifted(text, SUBSCRIPTS, "_");
    if (tag === "sup") return shifted(text, SUPERSCRIPTS, "^");
    if (tag === "math") return `\\(${texOf(node)}\\)`;
    if (DROPPED.has(tag)) return "";
    const isKnown = TRANSPARENT.has(tag) || tag in EMPHASIS;
    if (!isKnown) this.#notes.add("markup", `<${tag}>`);
    if (MEDIA.has(tag)) return "";
    const inner = [...node.childNodes].map((child) => this.#run(child, depth + 1)).join("");
    if (tag === "a") return linked(inner, node.getAttribute("href")?.trim() ?? "");
    const mark = EMPHASIS[tag];
    return mark ? emphasised(inner, mark) : inner;
  }

  #image(element: Element): string {
    const source = element.getAttribute("src")?.trim() ?? "";
    const alt = element.getAttribute("alt")?.trim() ?? "";
    this.#notes.add("image", source.startsWith("data:") ? "a file in the text" : source || alt || "?");
    return escaped(alt);
  }
}

function isElement(node: Node): node is Element {
  return node.nodeType === Node.ELEMENT_NODE;
}

function hasBlock(element: Element, depth: number): boolean {
  if (depth > MAX_DEPTH) throw new Refused("too_deep");
  return [...element.children].some(
    (child) =>
      child.localName !== "math" &&
      (PARAGRAPHS.has(child.localName) || OTHER_BLOCKS.has(child.localName) || hasBlock(child, depth + 1)),
  );
}

function rowsOf(table: Element): Element[] {
  return [...table.children].flatMap((child) =>
    child.localName === "tr" || child.localName === "caption" ? [child] : rowsOf(child),
  );
}

function linked(inner: string, target: string): string {
  return /^https?:\/\/[^\s()<>]+$/.test(target) && inner.trim() ? `[${inner}](${target})` : inner;
}

/** TeX, which is not escaped. The practice page finds it by the same marks. */
const TEX =
  /\\\[[\s\S]{1,2000}?\\\]|\$\$[^$]{1,2000}?\$\$|\\\([^\n]{1,2000}?\\\)|\$[^\s$](?:[^$\n]{0,1000}?[^\s$\\])?\$(?![\d$])/g;
const MARKS =
  /\\(?=[!-/:-@[-`{-~])|[*`]|(?<![\p{L}\p{N}])_+|_+(?![\p{L}\p{N}])|\](?=\()|&(?=#?[a-zA-Z0-9]+;)|<(?=[a-zA-Z/!?])/gu;
const LINE_START = /^(?:#{1,6}(?=\s|$)|>|[-+](?=\s|$)|[=-]+\s*$|\d{1,9}(?=[.)](?:\s|$)))/;

/** The text with the marks of Markdown taken literally, but for TeX. */
function escaped(text: string): string {
  let done = "";
  let begin = 0;
  for (const found of text.matchAll(TEX)) {
    done += text.slice(begin, found.index).replaceAll(MARKS, escape) + found[0];
    begin = found.index + found[0].length;
  }
  return done + text.slice(begin).replaceAll(MARKS, escape);
}

function escape(mark: string): string {
  if (mark === "]") return "&#93;"; // `\(` would begin TeX
  if (mark === "&") return "&amp;";
  if (mark.startsWith("_")) return mark.length > 2 ? mark : "\\_".repeat(mark.length);
  return `\\${mark}`;
}

/** The line with a mark of a heading, a quotation or a list at its start taken literally. */
function lineStart(line: string): string {
  const [mark] = LINE_START.exec(line) ?? [];
  if (mark === undefined) return line;
  const end = /^\d/.test(mark) ? mark.length : 0;
  return `${line.slice(0, end)}\\${line.slice(end)}`;
}

function tidy(run: string): string {
  const lines = run
    .replaceAll(/ +/g, " ")
    .split(BREAK)
    .map((line) => line.trim());
  return lines
    .slice(lines.findIndex(Boolean))
    .map(lineStart)
    .join("  \n")
    .replaceAll(/(?: {2}\n){2,}/g, "\n\n")
    .trim();
}

function emphasised(inner: string, mark: string): string {
  const bare = inner.replaceAll(/^[ \u0000]+|[ \u0000]+$/g, "");
  if (!bare || bare.includes(mark) || bare.includes(BREAK)) return inner;
  const begin = inner.indexOf(bare);
  return `${inner.slice(0, begin)}${mark}${bare}${mark}${inner.slice(begin + bare.length)}`;
}

const signsOf = (from: string, to: string) =>
  new Map(Array.from(from, (sign, at) => [sign, Array.from(to)[at] ?? ""]));
const SUBSCRIPTS = signsOf("0123456789+-=()", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎");
const SUPERSCRIPTS = signsOf("0123456789+-=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿ");

function shifted(text: string, signs: ReadonlyMap<string, string>, mark: string): string {
  if (!text) return "";
  const raised = Array.from(text, (sign) => signs.get(sign));
  if (!raised.includes(undefined)) return raised.join("");
  return `\\(${mark}{\\text{${text.replaceAll(/[^\p{L}\p{N}_ ,.;:()+=-]/gu, "")}}}\\)`;
}
