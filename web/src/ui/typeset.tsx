import type { ReactNode } from "react";
import Markdown, { type Components, type Options } from "react-markdown";

/** Only addresses of web pages: no scripts, no data, no paths of this app. */
function webAddress(url: string): string | undefined {
  return /^https?:\/\//i.test(url) ? url : undefined;
}

const heading = ({ children }: { children?: ReactNode }) => (
  <p>
    <strong>{children}</strong>
  </p>
);

/** A block of code may be wider than the screen. */
export function Code({ children }: { children?: ReactNode }) {
  if (typeof children !== "string" || !children.endsWith("\n")) return <code>{children}</code>;
  return (
    <pre tabIndex={0}>
      <code>{children}</code>
    </pre>
  );
}

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
  code: Code,
};
const LINE: Components = { ...BLOCKS, p: ({ children }) => <>{children}</> };
const IN_A_LINE = ["p", "em", "strong", "code", "a", "img", "br", "del"];

export interface TypesetProps {
  text: string;
  /** Within a line: no paragraphs, lists or blocks. */
  isLine: boolean;
}

interface Props extends TypesetProps {
  plugins?: Options["remarkPlugins"];
  /** Replaces how code is shown. */
  code?: Components["code"];
}

/** Markdown without HTML. */
export default function Typeset({ text, isLine, plugins, code }: Props) {
  const components = isLine ? LINE : BLOCKS;
  return (
    <Markdown
      remarkPlugins={plugins ?? null}
      components={code ? { ...components, code } : components}
      urlTransform={webAddress}
      {...(isLine ? { allowedElements: IN_A_LINE, unwrapDisallowed: true } : {})}
    >
      {text}
    </Markdown>
  );
}
