import { useMessages } from "@/i18n";
import { teach } from "@/i18n/teach";
import { Button } from "@/ui/button";
import { Icon } from "@/ui/icons";
import { shortened } from "@/ui/identifier";

import type { useLiveSessions } from "./use_live_sessions";

interface Props extends Omit<ReturnType<typeof useLiveSessions>, "sessions"> {
  isWatching: boolean;
}

/** Whether changes show by themselves; what is new, for screen readers. */
export function LiveState({ isWatching, isOnline, error, retry, news }: Props) {
  const t = useMessages(teach);
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
        {news && t[news.kind](shortened(news.uid))}
      </p>
    </div>
  );
}
