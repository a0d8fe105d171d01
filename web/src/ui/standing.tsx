import type { Student } from "practice-client";
import type { ReactNode } from "react";

import { useFormat, useMessages } from "@/i18n";
import { sessionParts } from "@/i18n/session_parts";

import { Figure, Figures } from "./figures";

/** A student's streak and XP, and further figures. */
export function Standing({ student, children }: { student: Student; children?: ReactNode }) {
  const t = useMessages(sessionParts);
  const format = useFormat();
  const { streak, xp_total, xp_verified } = student;
  return (
    <Figures>
      <Figure icon="flame" name={t.streak} about={t.longest(t.days(streak.longest))}>
        {t.days(streak.current)}
      </Figure>
      <Figure icon="bolt" name={t.xp} about={t.verified(format.number(xp_verified))}>
        {format.number(xp_total)}
      </Figure>
      {children}
    </Figures>
  );
}
