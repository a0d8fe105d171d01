import type { SessionData } from "practice-client";

import { useFormat, useMessages } from "@/i18n";
import { sessions as texts } from "@/i18n/sessions";
import { Icon } from "@/ui/icons";
import { Card, Section } from "@/ui/page";

/** The sections with what was done, and with the notes of each exercise. */
export function Sections({ content }: { content: SessionData }) {
  const t = useMessages(texts);
  const format = useFormat();
  const sections = content.sections ?? [];
  return (
    <Section title={t.sections}>
      {sections.length === 0 && <p className="soft">{t.noSections}</p>}
      {sections.map((section, index) => {
        const exercises = section.exercises ?? [];
        const planned = section.duration_minutes == null ? "" : format.minutes(section.duration_minutes);
        const actual =
          section.actual_duration_minutes == null ? "" : format.minutes(section.actual_duration_minutes);
        const minutes =
          actual && planned ? t.minutes(actual, planned) : actual || (planned && t.planned(planned));
        const done = exercises.filter(({ completed }) => completed).length;
        const about = [exercises.length > 0 && t.sectionDone(done, exercises.length), minutes].filter(
          Boolean,
        );
        return (
          <Card key={index}>
            <div className="row between">
              <h3>{section.name}</h3>
              <span className="soft small">{about.join(" · ")}</span>
            </div>
            <ul role="list" className="sessions-exercises">
              {exercises.map(({ name, completed, notes, description }, place) => (
                <li key={place}>
                  {completed ? <Icon name="check" /> : <span aria-hidden="true" />}
                  <div>
                    <strong>{name}</strong>{" "}
                    <span className="soft small">({completed ? t.isDone : t.isNotDone})</span>
                    {typeof description === "string" && description !== "" && (
                      <p className="sessions-text soft small">{description}</p>
                    )}
                    {notes && <p className="sessions-text">{notes}</p>}
                  </div>
                </li>
              ))}
            </ul>
          </Card>
        );
      })}
    </Section>
  );
}
