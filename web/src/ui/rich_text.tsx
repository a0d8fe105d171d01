import { Component, type ReactNode, Suspense, lazy } from "react";

import { hasMath, isRich } from "./math_marks";
import "./rich_text.css";

const load = () => import("./typeset");
const loadMath = () => import("./typeset_math");
const Typeset = lazy(load);
const TypesetMath = lazy(loadMath);

/** Loads the parsers of Markdown and TeX before a text of these needs them. */
export function preloadRichText(texts: readonly string[]): void {
  const rich = texts.filter(isRich);
  if (rich.some(hasMath)) void loadMath().catch(() => {});
  else if (rich.length) void load().catch(() => {});
}

interface Props {
  text: string;
  /** Within a line, such as the text of a choice: no paragraphs, lists or blocks. */
  isLine?: boolean;
}

/**
 * A text that a person or a model wrote: Markdown, with mathematics as TeX. HTML in it is shown as text,
 * nothing is loaded from elsewhere. The parsers are loaded for the first text that has marks of either;
 * until then, and where they fail, the text is shown as it was written.
 */
export function RichText({ text, isLine = false }: Props) {
  const Frame = isLine ? "span" : "div";
  const Parsed = hasMath(text) ? TypesetMath : Typeset;
  const plain = isLine ? text : <p>{text}</p>;
  return (
    <Frame className={isLine ? "rich rich-line" : "rich"}>
      {isRich(text) ? (
        <OrPlain key={text} plain={plain}>
          <Suspense fallback={plain}>
            <Parsed text={text} isLine={isLine} />
          </Suspense>
        </OrPlain>
      ) : (
        plain
      )}
    </Frame>
  );
}

/** A text that can't be typeset, or whose parser could not be loaded, is still there to read. */
class OrPlain extends Component<{ plain: ReactNode; children: ReactNode }, { failed: boolean }> {
  override state = { failed: false };

  static getDerivedStateFromError() {
    return { failed: true };
  }

  override render() {
    return this.state.failed ? this.props.plain : this.props.children;
  }
}
