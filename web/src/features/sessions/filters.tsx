import "./sessions.css";

import { useState } from "react";

import { useMessages } from "@/i18n";
import { common } from "@/i18n/common";
import { sessions as texts } from "@/i18n/sessions";
import { Button } from "@/ui/button";
import { Select, TextField } from "@/ui/field";
import { Notice } from "@/ui/notice";

import type { Filter, Search } from "./filter";

interface Props {
  filter: Filter;
  onChoose: (filter: Filter) => void;
}

const NOTHING = "";
const MOST_CHARACTERS = 128;

/** Status and kind take effect at once, a search when it is sent. */
export function Filters({ filter, onChoose }: Props) {
  const t = useMessages(texts);
  const words = useMessages(common);
  const [by, setBy] = useState<Search | "">(filter.search?.by ?? NOTHING);
  const [value, setValue] = useState(filter.search?.value ?? "");
  const names: Partial<Record<Search, string>> = {
    subject: t.bySubject,
    way: t.byMode,
    goal: t.byGoal,
    root: t.byRoot,
  };
  const none: Filter = { status: null, origin: null, search: null };
  const together = { ...filter, search: null };

  if (filter.search?.by === "template")
    return (
      <Notice
        actions={
          <Button small onClick={() => onChoose(none)}>
            {t.clear}
          </Button>
        }
      >
        {t.ofTemplate}
      </Notice>
    );
  return (
    <form
      className="card"
      role="search"
      aria-label={t.filters}
      onSubmit={(event) => {
        event.preventDefault();
        if (by && value.trim()) onChoose({ ...none, search: { by, value: value.trim() } });
      }}
    >
      <div className="sessions-filters">
        <Select
          label={t.status}
          value={filter.status ?? NOTHING}
          onChange={(event) =>
            onChoose({ ...together, status: (event.target.value || null) as Filter["status"] })
          }
        >
          <option value={NOTHING}>{t.all}</option>
          <option value="active">{words.active}</option>
          <option value="completed">{words.completed}</option>
          <option value="abandoned">{words.abandoned}</option>
        </Select>
        <Select
          label={t.origin}
          value={filter.origin ?? NOTHING}
          onChange={(event) =>
            onChoose({ ...together, origin: (event.target.value || null) as Filter["origin"] })
          }
        >
          <option value={NOTHING}>{t.all}</option>
          <option value="assigned">{words.assigned}</option>
          <option value="self_practice">{words.selfPractice}</option>
        </Select>
        <Select
          label={t.by}
          value={by}
          onChange={(event) => {
            setBy(event.target.value as Search | "");
            if (!event.target.value && filter.search) onChoose(none);
          }}
        >
          <option value={NOTHING}>{t.byNothing}</option>
          {Object.entries(names).map(([search, name]) => (
            <option key={search} value={search}>
              {name}
            </option>
          ))}
        </Select>
        {by && (
          <TextField
            label={t.value(names[by] ?? "")}
            value={value}
            maxLength={MOST_CHARACTERS}
            onChange={(event) => setValue(event.target.value)}
          />
        )}
        {by && (
          <Button type="submit" icon="eye">
            {t.search}
          </Button>
        )}
      </div>
      {by && <p className="field-hint">{t.byHint}</p>}
    </form>
  );
}
