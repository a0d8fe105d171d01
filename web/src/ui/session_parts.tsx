import type { Session } from "practice-client";

import { useFormat, useMessages } from "@/i18n";
import { sessionParts } from "@/i18n/session_parts";

/** The XP of a session by part, as a table. */
export function XpTable({ xp }: { xp: Session["xp"] }) {
  const t = useMessages(sessionParts);
  const format = useFormat();
  const parts = [
    [t.xpItems, xp.items],
    [t.xpBonus, xp.session_bonus],
    [t.xpStreak, xp.streak_bonus],
    [t.xpTotal, xp.total],
    [t.xpVerified, xp.verified],
  ] as const;
  return (
    <div className="table-frame">
      <table className="table">
        <thead>
          <tr>
            <th scope="col">{t.part}</th>
            <th scope="col" className="number">
              {t.xp}
            </th>
          </tr>
        </thead>
        <tbody>
          {parts.map(([name, value]) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td className="number">{format.number(value)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Each practised skill's mastery before the session and after it. */
export function MasteryTable({ mastery }: { mastery: Session["mastery"] }) {
  const t = useMessages(sessionParts);
  const format = useFormat();
  const percent = (value: number) => format.percent(Math.round(value * 100));
  return (
    <div className="table-frame">
      <table className="table table-cards">
        <thead>
          <tr>
            <th scope="col">{t.skill}</th>
            <th scope="col" className="number">
              {t.before}
            </th>
            <th scope="col" className="number">
              {t.after}
            </th>
          </tr>
        </thead>
        <tbody>
          {mastery.map(({ skill_id, name, before, after }) => (
            <tr key={skill_id}>
              <th scope="row">{name}</th>
              <td className="number" data-label={t.before}>
                {percent(before)}
              </td>
              <td className="number" data-label={t.after}>
                {percent(after)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
