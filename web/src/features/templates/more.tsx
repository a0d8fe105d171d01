import { useMessages } from "@/i18n";
import { common } from "@/i18n/common";
import { Button } from "@/ui/button";
import { ErrorNotice } from "@/ui/notice";

interface Props {
  pages: { hasMore: boolean; readMore: () => void; isReading: boolean; error: unknown };
}

export function More({ pages: { hasMore, readMore, isReading, error } }: Props) {
  const t = useMessages(common);
  return (
    <>
      {error !== undefined && <ErrorNotice error={error} retry={readMore} isRetrying={isReading} />}
      {hasMore && (
        <div className="row">
          <Button icon="down" isBusy={isReading} onClick={readMore}>
            {t.more}
          </Button>
        </div>
      )}
    </>
  );
}
