import type { StoredSession } from "practice-client";

import { useFormat, useMessages } from "@/i18n";
import { practice as texts } from "@/i18n/practice";
import { tutor } from "@/i18n/tutor";
import { Badge } from "@/ui/badge";
import { Progress } from "@/ui/page";

interface Props {
  state: StoredSession;
  /** That of the turn under way, which is newer than the state's. */
  progress?: StoredSession["progress"] | undefined;
}

/** How it goes: the answers so far, and each skill with its mastery. */
export function Standing({ state, progress = state.progress }: Props) {
  const t = useMessages(texts);
  const format = useFormat();
  const { skills, tutor: writer } = state;
  const { questions_answered, questions_correct, score_percent } = progress;
  const isWithheld = questions_answered > 0 && score_percent === null;
  return (
    <aside className="stack standing" aria-label={t.progress}>
      <div className="card">
        <h2 className="tutor-head">{t.progress}</h2>
        <p data-progress="">
          {isWithheld
            ? t.answeredText(format.number(questions_answered))
            : t.progressText(format.number(questions_answered), format.number(questions_correct))}
          {score_percent !== null && <strong> · {format.percent(score_percent)}</strong>}
        </p>
        <details className="skills" open={matchMedia("(width >= 60rem)").matches}>
          <summary className="tutor-head">{t.skills}</summary>
          <ul role="list" className="stack">
            {skills.map((skill) => (
              <SkillRow key={skill.skill_id} skill={skill} />
            ))}
          </ul>
        </details>
        {writer !== "offline" && <p className="soft small">{t.writtenByModel}</p>}
      </div>
    </aside>
  );
}

function SkillRow({ skill }: { skill: StoredSession["skills"][number] }) {
  const t = useMessages(texts);
  const names = useMessages(tutor);
  const format = useFormat();
  const { name, mastery, mastered, attempts } = skill;
  return (
    <li className="skill-row">
      <div className="row between">
        <span>{name}</span>
        {mastered ? (
          <Badge kind="good" icon="check">
            {names.mastered}
          </Badge>
        ) : (
          <span className="small number">{format.percent(Math.round(mastery * 100))}</span>
        )}
      </div>
      <Progress value={mastery} label={names.masteryOf(name)} />
      <span className="soft small">{t.attempts(attempts)}</span>
    </li>
  );
}
