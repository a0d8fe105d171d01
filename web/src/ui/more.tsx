import type { ReactNode, RefObject } from "react";

import { useMessages } from "@/i18n";
import { common } from "@/i18n/common";

import { Button } from "./button";
import { ErrorNotice } from "./notice";

interface Props {
  /** What usePages returned. */
  pages: { hasMore: boolean; readMore: () => void; isLoadingMore?: boolean; moreError?: unknown };
  /** The list or the body of the table that grows. */
  list?: RefObject<HTMLElement | null>;
  /** On the button; default: "Show more". */
  text?: string;
  /** Beside the button, such as how many there are. */
  children?: ReactNode;
}

/** The button that reads another page of a list. Reading is repeated by itself after an outage. */
export function More({ pages, list, text, children }: Props) {
  const t = useMessages(common);
  const { hasMore, readMore, isLoadingMore = false, moreError } = pages;
  if (!hasMore && !children) return null;
  return (
    <>
      {moreError !== undefined && (
        <ErrorNotice error={moreError} retry={readMore} isRetrying={isLoadingMore} />
      )}
      <div className="row between">
        {children}
        {hasMore && (
          <Button
            icon="down"
            isBusy={isLoadingMore}
            onClick={() => {
              focusLast(list?.current);
              readMore();
            }}
          >
            {text ?? t.more}
          </Button>
        )}
      </div>
    </>
  );
}

/** The button may go: the focus stays at the end of what was read before, and goes on to what is new. */
function focusLast(list: HTMLElement | null | undefined): void {
  const last = list?.lastElementChild;
  if (!(last instanceof HTMLElement)) return;
  last.tabIndex = -1;
  last.focus({ preventScroll: true });
}
