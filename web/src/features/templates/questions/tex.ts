/** Presentation MathML as TeX, as far as school mathematics needs it. */

import { Refused } from "./item";

const SIGNS: Readonly<Record<string, string>> = {
  "{": "\\{",
  "}": "\\}",
  "%": "\\%",
  $: "\\$",
  "&": "\\&",
  "#": "\\#",
  _: "\\_",
  "\\": "\\backslash ",
  // The invisible signs: application, product, separator, plus.
  "\u2061": "",
  "\u2062": "",
  "\u2063": "",
  "\u2064": "",
  "\u2212": "-",
  "\u00a0": "\\ ",
};
const FUNCTIONS = /^(?:sin|cos|tan|cot|sec|csc|arcsin|arccos|arctan|ln|log|exp|lim|max|min)$/;
const ACCENTS: Readonly<Record<string, string>> = {
  "¯": "overline",
  "‾": "overline",
  "→": "vec",
  "^": "hat",
  "~": "tilde",
  "˙": "dot",
};

/** Its own annotation where it has one. An unknown element refuses the item: a formula must not lose a part. */
export function texOf(math: Element): string {
  const own = [...math.getElementsByTagName("annotation")].find((element) =>
    element.getAttribute("encoding")?.toLowerCase().includes("tex"),
  );
  const text = own ? own.textContent : row(math);
  return text.split(/\s+/).filter(Boolean).join(" ");
}

function row(element: Element): string {
  return [...element.children].map(tex).join("");
}

function tex(element: Element): string {
  const name = element.localName;
  const write = WRITERS[name];
  if (!write) throw new Refused("formula", name);
  return write(element);
}

function parts(element: Element, count: number): string[] {
  const found = [...element.children].map(tex);
  if (found.length !== count) throw new Refused("formula", element.localName);
  return found;
}

function signs(element: Element): string {
  return Array.from(element.textContent.trim(), (sign) => SIGNS[sign] ?? sign).join("");
}

function identifier(element: Element): string {
  const name = signs(element);
  if (FUNCTIONS.test(name)) return `\\${name} `;
  return /^\p{L}{2,}$/u.test(name) ? `\\mathrm{${name}}` : name;
}

const scripts =
  (...marks: string[]) =>
  (element: Element): string => {
    const [base = "", ...shifted] = parts(element, 1 + marks.length);
    return `{${base}}${marks.map((mark, index) => `${mark}{${shifted[index] ?? ""}}`).join("")}`;
  };

function over(element: Element): string {
  const [base = "", above = ""] = parts(element, 2);
  const accent = ACCENTS[above.trim()];
  return accent ? `\\${accent}{${base}}` : `\\overset{${above}}{${base}}`;
}

function fenced(element: Element): string {
  const mark = (name: string, usual: string) => {
    const given = element.getAttribute(name) ?? usual;
    return SIGNS[given] ?? (given || ".");
  };
  const inner = [...element.children].map(tex).join(",");
  return `\\left${mark("open", "(")}${inner}\\right${mark("close", ")")}`;
}

function table(element: Element): string {
  const rows = [...element.children].map((each) => [...each.children].map(row).join(" & "));
  return `\\begin{matrix}${rows.join(" \\\\ ")}\\end{matrix}`;
}

const nothing = () => "";
const WRITERS: Readonly<Record<string, ((element: Element) => string) | undefined>> = {
  mrow: row,
  mstyle: row,
  semantics: row,
  mpadded: row,
  mtd: row,
  mi: identifier,
  mn: signs,
  mo: signs,
  mtext: (element) => `\\text{${signs(element)}}`,
  mspace: () => "\\ ",
  mfrac: (element) => {
    const [above = "", below = ""] = parts(element, 2);
    return `\\frac{${above}}{${below}}`;
  },
  msqrt: (element) => `\\sqrt{${row(element)}}`,
  mroot: (element) => {
    const [radicand = "", degree = ""] = parts(element, 2);
    return `\\sqrt[${degree}]{${radicand}}`;
  },
  msup: scripts("^"),
  msub: scripts("_"),
  msubsup: scripts("_", "^"),
  munder: scripts("_"),
  munderover: scripts("_", "^"),
  mover: over,
  mfenced: fenced,
  mtable: table,
  annotation: nothing,
  "annotation-xml": nothing,
};
