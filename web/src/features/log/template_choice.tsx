import type { ComponentProps } from "react";

import { useRead } from "@/data/reads";
import { useMessages } from "@/i18n";
import { log as texts } from "@/i18n/log";
import { Select } from "@/ui/field";

const MOST = 100;

type Props = Omit<ComponentProps<typeof Select>, "label" | "hint" | "children"> & {
  /** Chosen before the lists are read, or in none of them. */
  chosen: { id: string; name: string } | null;
};

/** Own and assigned templates; another one is chosen by the page's address. */
export function TemplateChoice({ chosen, ...rest }: Props) {
  const t = useMessages(texts);
  const own = useRead(["own templates", MOST], ({ driver }) =>
    driver.templates.list({ which: "mine", limit: MOST }),
  );
  const assigned = useRead(["assigned templates", MOST], ({ driver }) =>
    driver.templates.listAssigned({ limit: MOST }),
  );
  const groups = [
    { label: t.own, entries: own.data?.entries ?? [] },
    { label: t.assigned, entries: assigned.data?.entries ?? [] },
  ];
  const isListed = groups.some(({ entries }) =>
    entries.some(({ template_id }) => template_id === chosen?.id),
  );
  return (
    <Select label={t.template} hint={t.templateHint} {...rest}>
      <option value="">{t.none}</option>
      {chosen && !isListed && <option value={chosen.id}>{chosen.name}</option>}
      {groups.map(
        ({ label, entries }) =>
          entries.length > 0 && (
            <optgroup key={label} label={label}>
              {entries.map(({ template_id, name }) => (
                <option key={template_id} value={template_id}>
                  {name}
                </option>
              ))}
            </optgroup>
          ),
      )}
    </Select>
  );
}
