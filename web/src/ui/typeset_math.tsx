import katex from "katex";
import type { ReactNode } from "react";
import remarkMath from "remark-math";

import { withDollars } from "./math_marks";
import Typeset, { Code, type TypesetProps } from "./typeset";

/** A formula that is longer than a narrow screen can be scrolled to by keyboard. */
const LONG_FORMULA = 60;

const PLUGINS: [[typeof remarkMath, { singleDollarTextMath: boolean }]] = [
  [remarkMath, { singleDollarTextMath: false }],
];

/** Markdown with TeX as MathML, which needs no fonts and no styles of its own. */
export default function TypesetMath({ text, isLine }: TypesetProps) {
  return <Typeset text={withDollars(text)} isLine={isLine} plugins={PLUGINS} code={CodeOrFormula} />;
}

function CodeOrFormula({ className, children }: { className?: string | undefined; children?: ReactNode }) {
  if (!className?.includes("math-") || typeof children !== "string") return <Code>{children}</Code>;
  return <Formula tex={children} isBlock={className.includes("math-display")} />;
}

function Formula({ tex, isBlock }: { tex: string; isBlock: boolean }) {
  const html = mathMl(tex, isBlock);
  if (html === null) return <code>{tex}</code>;
  return (
    <span
      className={isBlock ? "formula formula-block" : "formula"}
      {...(isBlock && tex.length > LONG_FORMULA ? { tabIndex: 0 } : {})}
      dangerouslySetInnerHTML={{ __html: html }}
    />
  );
}

/** KaTeX escapes what it is given, and with `trust: false` it makes neither links nor images. */
function mathMl(tex: string, displayMode: boolean): string | null {
  try {
    return katex.renderToString(tex, {
      displayMode,
      output: "mathml",
      trust: false,
      throwOnError: false,
      errorColor: "currentColor",
      strict: "ignore",
      maxExpand: 100,
      maxSize: 20,
    });
  } catch {
    return null; // nested too deep, for instance
  }
}
