import { useMessages } from "@/i18n";
import { common } from "@/i18n/common";
import { Skeleton } from "@/ui/page";

/** The outline of a page, while its code or the user is loaded. */
export function Waiting() {
  const t = useMessages(common);
  return (
    <div className="page" role="status" aria-label={t.loading}>
      <Skeleton height={2.5} />
      <Skeleton height={7} count={3} />
    </div>
  );
}
