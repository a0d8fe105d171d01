import { useCallback, useMemo, useState } from "react";

import { useLanguage } from "@/i18n";
import { checks } from "@/i18n/template_checks";

import { type Problem, checkDraft } from "../model/check";
import type { Draft } from "../model/draft";
import type { Place } from "../model/places";

export interface Problems {
  all: readonly Problem[];
  /** The first problem of each field. */
  byPlace: ReadonlyMap<Place, string>;
  /** The problems of the draft. From now on its fields are checked as they are typed. */
  check: (draft: Draft) => Problem[];
  /** What the server has refused. */
  refuse: (refused: readonly Problem[]) => void;
  /** The field is edited: what the server said of it is past. */
  forget: (place: Place) => void;
  clear: () => void;
}

/** What is wrong with the draft, as the page finds by itself and as the server has said. */
export function useProblems(draft: Draft): Problems {
  const { language } = useLanguage();
  const [isChecked, setChecked] = useState(false);
  const [refused, setRefused] = useState<readonly Problem[]>([]);
  const all = useMemo<readonly Problem[]>(() => {
    const found = isChecked ? checkDraft(draft, checks[language]) : [];
    const known = new Set(found.map(({ path }) => path));
    return [...found, ...refused.filter(({ path }) => !known.has(path))];
  }, [isChecked, draft, language, refused]);
  const byPlace = useMemo(() => {
    const map = new Map<Place, string>();
    for (const { place, message } of all) if (place !== undefined && !map.has(place)) map.set(place, message);
    return map;
  }, [all]);
  const forget = useCallback((edited: Place) => {
    setRefused((before) =>
      before.some(({ place }) => place === edited) ? before.filter(({ place }) => place !== edited) : before,
    );
  }, []);
  return {
    all,
    byPlace,
    check: (checked) => {
      setChecked(true);
      const found = checkDraft(checked, checks[language]);
      if (found.length) setRefused([]);
      return found;
    },
    refuse: setRefused,
    forget,
    clear: () => {
      setChecked(false);
      setRefused([]);
    },
  };
}
