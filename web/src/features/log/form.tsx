import "./log.css";

import { PracticeProblem, type Session } from "practice-client";
import { bounds } from "practice-client/bounds";
import { useEffect, useRef } from "react";
import { Controller, type FieldPath, useForm, useWatch } from "react-hook-form";
import { useSearchParams } from "react-router";

import { timeZone } from "@/data/back_end";
import type { LocalRecord } from "@/data/local_record";
import { useRead } from "@/data/reads";
import { useMessages } from "@/i18n";
import { common } from "@/i18n/common";
import { log as texts } from "@/i18n/log";
import { Button, ButtonLink } from "@/ui/button";
import { TextArea, TextField } from "@/ui/field";
import { Notice } from "@/ui/notice";
import { Section } from "@/ui/page";
import { Scale } from "@/ui/scale";

import { SectionsField, useMinutesRule } from "./sections_field";
import { SubmitBar } from "./submit_bar";
import { FROZEN, type SubmissionState, type Submitting } from "./submission";
import { TemplateChoice } from "./template_choice";
import { useLogForm } from "./use_log_form";
import { ID, type Values, fieldOf, idsIn, isPristine, requestsOf } from "./values";

interface Props {
  draft: LocalRecord<Values>;
  submitting: Submitting;
  state: SubmissionState;
}

export function LogForm({ draft, submitting, state }: Props) {
  const t = useMessages(texts);
  const words = useMessages(common);
  const { form, fill, keep, startOver } = useLogForm(draft);
  const { control, register, setValue, getValues, formState } = form;
  const { errors, submitCount } = formState;
  const element = useRef<HTMLFormElement>(null);
  const minutes = useMinutesRule();
  const templateId = useWatch({ control, name: "templateId" });
  const template = useRead(templateId ? ["template", templateId] : null, ({ driver }) =>
    driver.templates.read(templateId),
  );
  const active = useRead(templateId ? ["active checklist", templateId] : null, ({ driver }) =>
    driver.sessions.active(templateId, "checklist"),
  );
  const isFrozen = FROZEN.includes(state.phase);
  const underWay = state.phase === "conflict" ? state.session : isFrozen ? null : (active.data ?? null);

  useServerErrors(form, state);
  useEffect(() => {
    // The first one on the page: the library's order is that of registration.
    if (submitCount > 0) element.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [submitCount]);

  useTemplateOfAddress(getValues, (id) => void fill(id));

  const longest = ({ maxLength }: { maxLength: number }) => ({
    value: maxLength,
    message: words.tooLong(maxLength),
  });
  const validIds = (text: string) => idsIn(text).every((id) => ID.test(id)) || t.id;

  return (
    <form
      ref={element}
      className="stack"
      noValidate
      onSubmit={(event) =>
        void form.handleSubmit((values) => {
          if (!underWay) submitting.submit(requestsOf(values, timeZone()));
        })(event)
      }
    >
      <div className="stack" inert={isFrozen}>
        <TemplateChoice
          chosen={templateId ? { id: templateId, name: template.data?.name ?? words.loading } : null}
          error={errors.templateId?.message}
          value={templateId}
          onChange={(event) => void fill(event.target.value)}
        />
        {underWay && (
          <UnderWay
            session={underWay}
            onWithout={() => {
              setValue("templateId", "");
              keep();
              if (state.phase === "conflict") submitting.withdraw();
            }}
          />
        )}
        <TextField
          label={t.name}
          hint={t.nameHint}
          error={errors.name?.message}
          {...register("name", { maxLength: longest(bounds.StartSession.name) })}
        />
        <SectionsField control={control} register={register} errors={errors} />
        <Section title={t.inAll}>
          <div className="card">
            <div className="log-pair">
              <TextField
                label={t.planned}
                hint={t.sumHint}
                inputMode="decimal"
                error={errors.planned?.message}
                {...register("planned", minutes)}
              />
              <TextField
                label={t.actual}
                hint={t.sumHint}
                inputMode="decimal"
                error={errors.actual?.message}
                {...register("actual", minutes)}
              />
            </div>
            <Controller
              control={control}
              name="focus"
              render={({ field }) => (
                <Scale
                  label={t.focus}
                  hint={t.scaleHint}
                  error={errors.focus?.message}
                  value={field.value}
                  onChange={field.onChange}
                />
              )}
            />
            <Controller
              control={control}
              name="energy"
              render={({ field }) => (
                <Scale
                  label={t.energy}
                  error={errors.energy?.message}
                  value={field.value}
                  onChange={field.onChange}
                />
              )}
            />
            <TextArea
              label={t.notes}
              maxLength={bounds.SessionContent.notes.maxLength}
              error={errors.notes?.message}
              {...register("notes")}
            />
          </div>
        </Section>
        <Section title={t.aims}>
          <div className="card">
            <TextField
              label={t.subject}
              error={errors.subject?.message}
              {...register("subject", { maxLength: longest(bounds.StartSession.subject) })}
            />
            <div className="log-pair">
              <TextField
                label={t.goals}
                hint={t.goalsHint}
                error={errors.goals?.message}
                {...register("goals", { validate: validIds })}
              />
              <TextField
                label={t.root}
                hint={t.rootHint}
                error={errors.rootId?.message}
                {...register("rootId", {
                  validate: (text) => text.trim() === "" || ID.test(text.trim()) || t.id,
                })}
              />
            </div>
          </div>
        </Section>
      </div>
      {errors.root?.["server"] && <Notice kind="bad">{errors.root["server"].message}</Notice>}
      <SubmitBar
        state={state}
        submitting={submitting}
        onStartOver={startOver}
        isBlocked={underWay !== null}
      />
    </form>
  );
}

function UnderWay({ session, onWithout }: { session: Session; onWithout: () => void }) {
  const t = useMessages(texts);
  return (
    <Notice
      kind="warn"
      actions={
        <div className="row">
          <ButtonLink small icon="play" to={`/session/${session.session_id}`}>
            {t.continueIt}
          </ButtonLink>
          <Button small onClick={onWithout}>
            {t.without}
          </Button>
        </div>
      }
    >
      {t.active(session.items_completed, session.items_count)}
    </Notice>
  );
}

/** A refusal of the start shows at its fields; one that names none is shown by the submit bar. */
function useServerErrors({ setError }: ReturnType<typeof useForm<Values>>, state: SubmissionState) {
  const t = useMessages(texts);
  const error = state.phase === "refused" ? state.error : null;
  useEffect(() => {
    if (!(error instanceof PracticeProblem)) return;
    let isFirst = true;
    const others: string[] = [];
    for (const { path, message } of error.errors) {
      const field = fieldOf(path);
      if (field === null) others.push(`${path}: ${message}`);
      else {
        setError(field as FieldPath<Values>, { type: "server", message }, { shouldFocus: isFirst });
        isFirst = false;
      }
    }
    if (error.errors.length > 0)
      setError("root.server", { type: "server", message: [t.check, ...others].join(" ") });
  }, [error, setError, t]);
}

/** `?template=` chooses a template, unless a draft was begun. */
function useTemplateOfAddress(getValues: () => Values, fill: (id: string) => void) {
  const [params] = useSearchParams();
  const id = params.get("template");
  const filled = useRef<string | null>(null);
  useEffect(() => {
    if (!id || filled.current === id) return;
    filled.current = id;
    if (isPristine(getValues())) fill(id);
  });
}
