/** XML of files, within the bounds of admin/content/xml_tree.py: without document types and entities. */

import { FileRefused } from "./item";

const MAX_ELEMENTS = 500_000;
const MAX_DEPTH = 100;

export interface Xml {
  readonly text: string;
  readonly root: Element;
}

/** Whether it is an item of QTI, by its name in 2.x or in 3.0. */
export function isQtiItem({ localName }: Element): boolean {
  return localName === "assessmentItem" || localName === "qti-assessment-item";
}

/** Throws FileRefused. */
export function parseXml(bytes: Uint8Array): Xml {
  const text = decoded(bytes);
  checkMarkup(text);
  const document = new DOMParser().parseFromString(text, "application/xml");
  if (document.querySelector("parsererror")) throw new FileRefused("no_xml");
  checkDepth(document.documentElement);
  return { text, root: document.documentElement };
}

/** In the encoding that its mark or its declaration names, or else in UTF-8. */
function decoded(bytes: Uint8Array): string {
  const head = new TextDecoder("latin1").decode(bytes.subarray(0, 200));
  const [mark] = /^(?:\u00ff\u00fe|\u00fe\u00ff)/.exec(head) ?? [];
  const [, declared = "utf-8"] = /^<\?xml[^>]*?\sencoding\s*=\s*["']([\w.:-]+)["']/.exec(head) ?? [];
  const encoding = mark === undefined ? declared : mark === "\u00ff\u00fe" ? "utf-16le" : "utf-16be";
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    throw new FileRefused("no_xml");
  }
}

/** Before the file is parsed: entities make gigabytes of a few bytes, and elements take far more than their text. */
function checkMarkup(text: string): void {
  let count = 0;
  for (let at = text.indexOf("<"); at >= 0; at = text.indexOf("<", at + 1)) {
    const end = endOfPlain(text, at);
    if (end !== undefined) at = end;
    else if (text[at + 1] === "!") throw new FileRefused("no_xml");
    else if (text[at + 1] !== "/" && ++count > MAX_ELEMENTS)
      throw new FileRefused("many_elements", String(MAX_ELEMENTS));
  }
}

const PLAIN = [
  ["<!--", "-->"],
  ["<![CDATA[", "]]>"],
  ["<?", "?>"],
] as const;

/** Where a comment, a text or an instruction ends, in which a `<` is no markup; undefined for anything else. */
function endOfPlain(text: string, at: number): number | undefined {
  for (const [begin, end] of PLAIN) {
    if (!text.startsWith(begin, at)) continue;
    const found = text.indexOf(end, at + begin.length);
    if (found < 0) throw new FileRefused("no_xml");
    return found;
  }
  return undefined;
}

function checkDepth(root: Element): void {
  let depth = 0;
  for (let level = [root]; level.length; level = level.flatMap(({ children }) => [...children]))
    if (++depth > MAX_DEPTH) throw new FileRefused("nested", String(MAX_DEPTH));
}
