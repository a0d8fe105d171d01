import { useEffect } from "react";
import { useForm } from "react-hook-form";

import { useBackEnd } from "@/data/back_end";
import type { LocalRecord } from "@/data/local_record";
import { useMessages } from "@/i18n";
import { common } from "@/i18n/common";
import { log as texts } from "@/i18n/log";
import { useToast } from "@/ui/toasts";

import { EMPTY, type Values, isSame, sectionsOf } from "./values";

/** The form over its draft, which all tabs show as it was typed last in any of them. */
export function useLogForm(draft: LocalRecord<Values>) {
  const t = useMessages(texts);
  const words = useMessages(common);
  const toast = useToast();
  const { driver } = useBackEnd();
  const form = useForm<Values>({ defaultValues: { ...EMPTY, ...draft.read() }, shouldFocusError: false });
  const { setValue, getValues, reset } = form;

  const keep = () => draft.change(() => getValues());
  useEffect(
    () =>
      form.subscribe({
        formState: { values: true },
        callback: ({ values }) => {
          // Only what this tab has changed: nothing that is gone comes back.
          if (!isSame(values, { ...EMPTY, ...draft.read() })) draft.change(() => values);
        },
      }),
    [form, draft],
  );
  useEffect(
    () =>
      draft.subscribe(() => {
        draft.begin();
        reset({ ...EMPTY, ...draft.read() });
      }),
    [draft, reset],
  );

  const undoable = (text: string, before: Values) =>
    toast(text, {
      text: words.undo,
      run: () => {
        reset(before);
        keep();
      },
    });

  /** Chooses a template, and replaces the sections by its own. */
  const fill = async (id: string) => {
    setValue("templateId", id);
    keep();
    if (!id) return;
    try {
      const read = await driver.templates.read(id);
      // Another one may be chosen by now.
      if (getValues("templateId") !== id) return;
      const before = structuredClone(getValues());
      setValue("sections", sectionsOf(read.template_data));
      keep();
      if (before.sections.length > 0) undoable(t.filled(read.name), before);
    } catch {
      form.setError("templateId", { message: t.templateMissing });
    }
  };

  const startOver = () => {
    const before = structuredClone(getValues());
    reset(EMPTY);
    keep();
    undoable(t.cleared, before);
  };

  return { form, fill, keep, startOver };
}
