import type { Skill } from "practice-client";

import { usePages } from "@/data/pages";
import { useFormat, useMessages } from "@/i18n";
import { common } from "@/i18n/common";
import { gradebook } from "@/i18n/gradebook";
import { Button } from "@/ui/button";
import { MeterBar } from "@/ui/charts/meter";
import { EmptyState, ErrorNotice } from "@/ui/notice";
import { Section, Skeleton } from "@/ui/page";
import { Read } from "@/ui/read";

const PAGE = 20;

/** Mastery by skill: the bars stand in their table. */
export function Skills() {
  const t = useMessages(gradebook);
  const words = useMessages(common);
  const format = useFormat();
  const { first, entries, hasMore, more, isLoadingMore, moreError } = usePages<Skill>(
    ["skills"],
    ({ driver }, after) => driver.skills.list({ limit: PAGE, after }),
    ({ skill_id }) => skill_id,
  );
  return (
    <Section title={t.skills}>
      <p className="soft">{t.skillsAbout}</p>
      <Read read={first} skeleton={<Skeleton height={16} />}>
        {() =>
          entries.length === 0 ? (
            <EmptyState>{t.noSkills}</EmptyState>
          ) : (
            <>
              <div className="table-frame">
                <table className="table table-cards gradebook-skills">
                  <thead>
                    <tr>
                      <th scope="col">{t.skill}</th>
                      <th scope="col">{t.mastery}</th>
                      <th scope="col" className="number">
                        {t.attempts}
                      </th>
                      <th scope="col">{t.due}</th>
                    </tr>
                  </thead>
                  <tbody>
                    {entries.map(({ skill_id, name, p_mastery, attempts, due_at }) => (
                      <tr key={skill_id}>
                        <th scope="row">{name}</th>
                        <td data-label={t.mastery}>
                          <span className="gradebook-mastery">
                            <MeterBar value={p_mastery} />
                            <span className="number">{format.percent(Math.round(p_mastery * 100))}</span>
                          </span>
                        </td>
                        <td data-label={t.attempts} className="number">
                          {format.number(attempts)}
                        </td>
                        <td data-label={t.due}>{due_at ? format.relative(due_at) : t.notDue}</td>
                      </tr>
                    ))}
                  </tbody>
                </table>
              </div>
              {moreError !== undefined && <ErrorNotice error={moreError} retry={more} />}
              {hasMore && (
                <div className="row">
                  <Button isBusy={isLoadingMore} onClick={more}>
                    {words.more}
                  </Button>
                </div>
              )}
            </>
          )
        }
      </Read>
    </Section>
  );
}
