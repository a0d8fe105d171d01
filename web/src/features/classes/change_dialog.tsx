import type { UpdateClass } from "practice-client";
import { bounds } from "practice-client/bounds";
import { useState } from "react";

import { useAction } from "@/data/action";
import { useBackEnd } from "@/data/back_end";
import { useMessages } from "@/i18n";
import { classes } from "@/i18n/classes";
import { common } from "@/i18n/common";
import { ActionDialog } from "@/ui/action_dialog";
import { Button } from "@/ui/button";
import { Checkbox, TextArea, TextField } from "@/ui/field";
import { useToast } from "@/ui/toasts";

import { maxStudentsOf } from "./places";
import { PlacesField } from "./places_field";
import type { Shown, Update } from "./taught_class";

interface Props extends Shown {
  update: Update;
  onClose: () => void;
}

/** Changes the class, who teaches it, and the end and the places of its code. */
export default function ChangeDialog({ of, join, update, onClose }: Props) {
  const t = useMessages(classes);
  const shared = useMessages(common);
  const { uid } = useBackEnd();
  const toast = useToast();
  const others = of.teacher_ids.filter((teacher) => teacher !== of.owner_id);
  const [name, setName] = useState(of.name);
  const [subject, setSubject] = useState(of.subject ?? "");
  const [timezone, setTimezone] = useState(of.timezone);
  const [showsRoster, setShowsRoster] = useState(of.shows_roster);
  const [teachers, setTeachers] = useState(others.join("\n"));
  const [places, setPlaces] = useState(String(join.max_students));
  const [until, setUntil] = useState(() => dayOf(join.expires_at));
  const max_students = maxStudentsOf(places);

  const change = (): Omit<UpdateClass, "class_id" | "version"> => {
    const lines = teachers.split("\n").map((line) => line.trim());
    const teacher_ids = [...new Set([of.owner_id ?? "", ...lines])].filter(Boolean);
    const places_changed = max_students !== null && max_students !== join.max_students;
    const code = {
      ...(places_changed ? { max_students } : {}),
      ...(until && until !== dayOf(join.expires_at) ? { expires_at: endOf(until) } : {}),
    };
    return {
      name: name.trim(),
      subject: subject.trim() || null,
      timezone,
      shows_roster: showsRoster,
      ...(uid === of.owner_id ? { teacher_ids } : {}),
      ...(Object.keys(code).length ? { join: code } : {}),
    };
  };
  const save = useAction(async () => {
    if (!name.trim() || max_students === null) return;
    await update(change());
    toast(t.saved);
    onClose();
  });
  const switchOff = useAction(async () => {
    await update({ join: { enabled: false } });
    toast(t.switchedOff);
    onClose();
  });
  return (
    <ActionDialog
      title={t.changeTitle}
      action={{ ...save, error: save.error ?? switchOff.error }}
      button={{ look: "primary", text: shared.save }}
      cancel={shared.cancel}
      onClose={onClose}
    >
      <TextField
        label={t.name}
        required
        maxLength={bounds.UpdateClass.name.maxLength}
        value={name}
        error={name.trim() ? undefined : shared.required}
        onChange={({ target }) => setName(target.value)}
      />
      <TextField
        label={t.subject}
        maxLength={bounds.UpdateClass.subject.maxLength}
        value={subject}
        onChange={({ target }) => setSubject(target.value)}
      />
      <TextField
        label={t.timezone}
        hint={t.timezoneHint}
        value={timezone}
        onChange={({ target }) => setTimezone(target.value)}
      />
      <Checkbox
        label={t.showsRoster}
        checked={showsRoster}
        onChange={({ target }) => setShowsRoster(target.checked)}
      />
      {uid === of.owner_id && (
        <TextArea
          label={t.coTeachers}
          hint={t.coTeachersHint}
          value={teachers}
          onChange={({ target }) => setTeachers(target.value)}
        />
      )}
      <PlacesField value={places} onChange={setPlaces} />
      {join.code !== null && (
        <>
          <TextField
            label={t.until}
            type="date"
            min={dayOf(new Date().toISOString())}
            value={until}
            onChange={({ target }) => setUntil(target.value)}
          />
          <div className="row">
            <Button isBusy={switchOff.isBusy} onClick={() => switchOff.run()}>
              {t.switchOff}
            </Button>
          </div>
        </>
      )}
    </ActionDialog>
  );
}

/** The local day of an instant, as a field of dates has it. */
function dayOf(instant: string | null): string {
  if (!instant) return "";
  const day = new Date(instant);
  const two = (value: number) => String(value).padStart(2, "0");
  return `${day.getFullYear()}-${two(day.getMonth() + 1)}-${two(day.getDate())}`;
}

/** The end of a local day. */
function endOf(day: string): string {
  return new Date(`${day}T23:59:59`).toISOString();
}
