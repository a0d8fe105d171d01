import { useMessages } from "@/i18n";
import { common } from "@/i18n/common";
import { Button } from "@/ui/button";
import { ErrorNotice } from "@/ui/notice";

interface Props {
  pages: { hasMore: boolean; readMore: () => void; isLoadingMore: boolean; moreError: unknown };
}

export function More({ pages: { hasMore, readMore, isLoadingMore, moreError } }: Props) {
  const t = useMessages(common);
  return (
    <>
      {moreError !== undefined && (
        <ErrorNotice error={moreError} retry={readMore} isRetrying={isLoadingMore} />
      )}
      {hasMore && (
        <div className="row">
          <Button icon="down" isBusy={isLoadingMore} onClick={readMore}>
            {t.more}
          </Button>
        </div>
      )}
    </>
  );
}
