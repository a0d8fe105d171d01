import type { Pack } from "practice-client";
import { useState } from "react";

import { DAY_BEGINS, localDate } from "@/data/local_days";
import { useRead } from "@/data/reads";
import { useMessages } from "@/i18n";
import { today } from "@/i18n/today";
import { ButtonLink } from "@/ui/button";
import { Icon } from "@/ui/icons";

/** The way to the pack of the day, in the words of its state: to be made, begun, or done. */
export function TodaysPack() {
  const t = useMessages(today);
  const [now] = useState(() => new Date());
  const { data } = useRead(["latest pack"], ({ driver }) => driver.packs.list({ limit: 1 }));
  const student = useRead(["statistics"], ({ driver }) => driver.sessions.statistics());
  const status = statusOn(now, data?.entries[0], student.data?.day_begins);
  if (status === "completed" || status === "abandoned")
    return (
      <span className="row">
        <span className="row small">
          {status === "completed" && <Icon name="check" size={16} />}
          {status === "completed" ? t.packDone : t.packDiscarded}
        </span>
        <ButtonLink icon="play" to="/daily?more">
          {t.more}
        </ButtonLink>
      </span>
    );
  return (
    <ButtonLink look="primary" icon="play" to="/daily">
      {status === "active" ? t.goOnWithPack : t.pack}
    </ButtonLink>
  );
}

/** Undefined where the latest pack is of an earlier day. */
function statusOn(now: Date, latest: Pack | undefined, dayBegins = DAY_BEGINS): Pack["status"] | undefined {
  const isToday = latest && latest.local_date === localDate(now, latest.timezone, dayBegins);
  return isToday ? latest.status : undefined;
}
