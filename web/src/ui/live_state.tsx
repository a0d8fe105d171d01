import { useMessages } from "@/i18n";
import { live } from "@/i18n/live";

import { Button } from "./button";
import { Icon } from "./icons";

interface Props {
  isWatching: boolean;
  isOnline: boolean;
  error: unknown;
  retry: () => void;
  /** What is new, for screen readers. */
  news: string | null;
}

/** Whether changes show by themselves. */
export function LiveState({ isWatching, isOnline, error, retry, news }: Props) {
  const t = useMessages(live);
  const isFailed = error !== undefined;
  const isLive = isWatching && isOnline && !isFailed;
  return (
    <div className="row">
      <p className="row soft small" data-live={isLive}>
        <Icon name={isLive ? "bolt" : "refresh"} size={16} />
        {isLive ? t.live : isFailed || !isOnline ? t.notLive : t.connecting}
      </p>
      {isFailed && (
        <Button small icon="refresh" onClick={retry}>
          {t.retry}
        </Button>
      )}
      <p className="visually-hidden" role="status">
        {news}
      </p>
    </div>
  );
}
