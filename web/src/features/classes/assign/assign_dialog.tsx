import type { Assignment, AssignmentMode, CreateAssignment, SchoolClass, Template } from "practice-client";
import { useId, useRef, useState } from "react";

import { useAction } from "@/data/action";
import { useBackEnd } from "@/data/back_end";
import { useMessages } from "@/i18n";
import { assign } from "@/i18n/assign";
import { common } from "@/i18n/common";
import { ActionDialog } from "@/ui/action_dialog";
import { Checkbox, FieldError, Select } from "@/ui/field";

import "./assign.css";
import { AssignmentFields } from "./fields";
import { fieldsOf, pointsIn, useAssignmentForm } from "./form";
import { TemplateChoice } from "./template_choice";

const FEEDBACKS = ["immediate", "after_submit", "after_due"] as const;
const MODES = ["questions", "infinite", "checklist"] as const;

interface Props {
  of: SchoolClass;
  onClose: () => void;
  onDone: (text: string) => void;
}

export default function AssignDialog({ of, onClose, onDone }: Props) {
  const t = useMessages(assign);
  const { cancel } = useMessages(common);
  const form = useAssignmentForm(of, null);
  const create = useCreate();
  const [template, setTemplate] = useState<Template | null>(null);
  const [mode, setMode] = useState<AssignmentMode>("questions");
  const [strictness, setStrictness] = useState<Strictness>({ isStrict: null, feedback: "immediate" });
  const hasPoints = pointsIn(form.entered.points) !== null;
  const action = useAction(async () => {
    const isReady = form.check(template ? {} : { template_id: t.chooseTemplate });
    if (!isReady || !template) return;
    const title = form.entered.title.trim();
    const command = {
      class_id: of.class_id,
      template_id: template.template_id,
      mode,
      ...(mode === "questions" ? strictnessFields(strictness, hasPoints) : {}),
      ...(title ? { title } : {}),
      ...fieldsOf(form.entered, of),
    };
    try {
      onDone(t.assigned((await create(command)).title));
    } catch (error) {
      form.refuse(error);
    }
  });
  return (
    <ActionDialog
      title={t.assignTitle}
      wide
      action={action}
      button={{ look: "primary", text: t.assign }}
      cancel={cancel}
      onClose={onClose}
    >
      <TemplateChoice
        chosen={template}
        error={form.errors.template_id}
        onChoose={(chosen) => {
          setTemplate(chosen);
          form.settle("template_id");
        }}
      />
      <ModeChoice
        chosen={mode}
        error={form.errors.mode}
        onChoose={(chosen) => {
          setMode(chosen);
          // Another mode may take the template.
          form.settle("template_id");
        }}
      />
      <AssignmentFields of={of} form={form} titleHint={t.nameHint} />
      {mode === "questions" && (
        <StrictnessChoice chosen={strictness} hasPoints={hasPoints} onChoose={setStrictness} />
      )}
    </ActionDialog>
  );
}

/** Sends a command under one key until it is another one, so that a repetition assigns once. */
function useCreate() {
  const { driver } = useBackEnd();
  const sent = useRef({ body: "", key: "" });
  return (command: CreateAssignment) => {
    const body = JSON.stringify(command);
    if (sent.current.body !== body) sent.current = { body, key: crypto.randomUUID() };
    return driver.assignments.create(command, { idempotencyKey: sent.current.key });
  };
}

/** How answers are taken; `isStrict` is null until it is chosen, and then as is usual. */
interface Strictness {
  isStrict: boolean | null;
  feedback: Assignment["feedback"];
}

/** Without points an answer may be tried before; what is shown later is always taken strictly. */
function isStrict({ isStrict: chosen, feedback }: Strictness, hasPoints: boolean): boolean {
  return feedback !== "immediate" || (chosen ?? hasPoints);
}

function strictnessFields(strictness: Strictness, hasPoints: boolean) {
  const policy: Assignment["policy"] = isStrict(strictness, hasPoints) ? "strict" : "open";
  return { policy, feedback: strictness.feedback };
}

interface StrictnessProps {
  chosen: Strictness;
  hasPoints: boolean;
  onChoose: (chosen: Strictness) => void;
}

function StrictnessChoice({ chosen, hasPoints, onChoose }: StrictnessProps) {
  const t = useMessages(assign);
  return (
    <>
      <Select
        label={t.feedback}
        value={chosen.feedback}
        onChange={({ target }) => onChoose({ ...chosen, feedback: target.value as Assignment["feedback"] })}
      >
        {FEEDBACKS.map((feedback) => (
          <option key={feedback} value={feedback}>
            {t.feedbacks[feedback]}
          </option>
        ))}
      </Select>
      <Checkbox
        label={
          <>
            {t.strict}
            <span className="assign-about">{t.strictHint}</span>
          </>
        }
        checked={isStrict(chosen, hasPoints)}
        disabled={chosen.feedback !== "immediate"}
        onChange={({ target }) => onChoose({ ...chosen, isStrict: target.checked })}
      />
    </>
  );
}

interface ModeProps {
  chosen: AssignmentMode;
  error: string | undefined;
  onChoose: (mode: AssignmentMode) => void;
}

function ModeChoice({ chosen, error, onChoose }: ModeProps) {
  const t = useMessages(assign);
  const id = useId();
  return (
    <fieldset className="assign-choice">
      <legend className="label">{t.mode}</legend>
      {MODES.map((mode) => (
        <Checkbox
          key={mode}
          type="radio"
          name={id}
          label={
            <>
              <strong>{t.modes[mode]}</strong>
              <span className="assign-about">{t.modesText[mode]}</span>
            </>
          }
          checked={chosen === mode}
          onChange={() => onChoose(mode)}
        />
      ))}
      <FieldError error={error} />
    </fieldset>
  );
}
