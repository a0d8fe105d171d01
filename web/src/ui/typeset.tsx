import katex from "katex";
import type { ReactNode } from "react";
import Markdown, { type Components } from "react-markdown";
import remarkMath from "remark-math";

import { withDollars } from "./math_marks";

/** A formula that is longer than a narrow screen can be scrolled to by keyboard. */
const LONG_FORMULA = 60;

const PLUGINS: [[typeof remarkMath, { singleDollarTextMath: boolean }]] = [
  [remarkMath, { singleDollarTextMath: false }],
];

/** Only addresses of web pages: no scripts, no data, no paths of this app. */
function webAddress(url: string): string | undefined {
  return /^https?:\/\//i.test(url) ? url : undefined;
}

const heading = ({ children }: { children?: ReactNode }) => (
  <p>
    <strong>{children}</strong>
  </p>
);

/** Headings of a text would break into the page's own; images would be loaded from elsewhere. */
const BLOCKS: Components = {
  h1: heading,
  h2: heading,
  h3: heading,
  h4: heading,
  h5: heading,
  h6: heading,
  hr: () => null,
  img: ({ alt }) => <>{alt}</>,
  a: ({ href, children }) =>
    href ? (
      <a href={href} rel="noreferrer nofollow" target="_blank">
        {children}
      </a>
    ) : (
      <>{children}</>
    ),
  pre: ({ children }) => <>{children}</>,
  code: ({ className, children }) => {
    const text = typeof children === "string" ? children : "";
    if (className?.includes("math-display")) return <Formula tex={text} isBlock />;
    if (className?.includes("math-inline")) return <Formula tex={text} />;
    return text.endsWith("\n") ? (
      // A block of code may be wider than the screen.
      <pre tabIndex={0}>
        <code>{text}</code>
      </pre>
    ) : (
      <code>{children}</code>
    );
  },
};

const LINE: Components = { ...BLOCKS, p: ({ children }) => <>{children}</> };
const IN_A_LINE = ["p", "em", "strong", "code", "a", "img", "br", "del"];

/** Markdown without HTML, and TeX as MathML, which needs no fonts and no styles of its own. */
export default function Typeset({ text, isLine }: { text: string; isLine: boolean }) {
  return (
    <Markdown
      remarkPlugins={PLUGINS}
      components={isLine ? LINE : BLOCKS}
      urlTransform={webAddress}
      {...(isLine ? { allowedElements: [...IN_A_LINE], unwrapDisallowed: true } : {})}
    >
      {withDollars(text)}
    </Markdown>
  );
}

function Formula({ tex, isBlock = false }: { tex: string; isBlock?: boolean }) {
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
