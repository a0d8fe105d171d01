import { bounds } from "practice-client/bounds";
import { useState } from "react";
import { useNavigate } from "react-router";

import { useAction } from "@/data/action";
import { timeZone, useBackEnd } from "@/data/back_end";
import { useMessages } from "@/i18n";
import { classes } from "@/i18n/classes";
import { common } from "@/i18n/common";
import { ActionDialog } from "@/ui/action_dialog";
import { TextField } from "@/ui/field";
import { useToast } from "@/ui/toasts";

import { maxStudentsOf, usualMaxStudents } from "./places";
import { PlacesField } from "./places_field";

export default function CreateDialog({ onClose }: { onClose: () => void }) {
  const t = useMessages(classes);
  const shared = useMessages(common);
  const { driver } = useBackEnd();
  const navigate = useNavigate();
  const toast = useToast();
  const [name, setName] = useState("");
  const [subject, setSubject] = useState("");
  const [places, setPlaces] = useState(String(usualMaxStudents));
  const [isAsked, setAsked] = useState(false);
  const max_students = maxStudentsOf(places);
  const action = useAction(async () => {
    setAsked(true);
    if (!name.trim() || max_students === null) return;
    const about = subject.trim() ? { subject: subject.trim() } : {};
    const made = await driver.classes.create({
      name: name.trim(),
      ...about,
      timezone: timeZone(),
      max_students,
    });
    toast(t.created(made.class.name));
    void navigate(`/classes/${made.class.class_id}`);
  });
  return (
    <ActionDialog
      title={t.createTitle}
      action={action}
      button={{ look: "primary", text: t.create }}
      cancel={shared.cancel}
      onClose={onClose}
    >
      <TextField
        label={t.name}
        required
        maxLength={bounds.CreateClass.name.maxLength}
        value={name}
        error={isAsked && !name.trim() ? shared.required : undefined}
        onChange={({ target }) => setName(target.value)}
      />
      <TextField
        label={t.subject}
        maxLength={bounds.CreateClass.subject.maxLength}
        value={subject}
        onChange={({ target }) => setSubject(target.value)}
      />
      <PlacesField value={places} onChange={setPlaces} />
    </ActionDialog>
  );
}
