import { type ReactNode, createContext, useContext, useEffect, useMemo, useState } from "react";

import { type Format, formatOf } from "./format";
import { readSetting, writeSetting } from "./settings";

export type Language = "en" | "de";
export const LANGUAGES: readonly Language[] = ["en", "de"];

/** Functions take what a text depends on; everything else is a text. */
type Texts = { readonly [name: string]: string | ((...values: never[]) => string) | Texts };
/** The same names as in English, with any words. */
type Translated<Source> = {
  readonly [Name in keyof Source]: Source[Name] extends string
    ? string
    : Source[Name] extends (...values: infer Values) => string
      ? (...values: Values) => string
      : Translated<Source[Name]>;
};
export type Messages<Source> = Record<Language, Translated<Source>>;

/** The texts of a page, or of one part, in all languages. The compiler finds a text that one lacks. */
export function defineMessages<const Source extends Texts>(
  en: Source,
  translations: Record<Exclude<Language, "en">, Translated<Source>>,
): Messages<Source> {
  return { en: en as unknown as Translated<Source>, ...translations };
}

/** "1 exercise", "1,200 exercises": for languages with two forms. */
export function counted(language: Language, count: number, one: string, other: string): string {
  return `${new Intl.NumberFormat(language).format(count)} ${count === 1 ? one : other}`;
}

const STORED = "practice.language";

export function initialLanguage(): Language {
  const stored = readSetting(STORED);
  const wished = stored ? [stored, ...navigator.languages] : navigator.languages;
  for (const tag of wished) {
    const found = LANGUAGES.find((language) => tag.toLowerCase().split("-")[0] === language);
    if (found) return found;
  }
  return "en";
}

interface Chosen {
  language: Language;
  choose: (language: Language) => void;
  format: Format;
}

const ChosenContext = createContext<Chosen | null>(null);

export function LanguageProvider({ children }: { children: ReactNode }) {
  const [language, setLanguage] = useState(initialLanguage);
  useEffect(() => {
    document.documentElement.lang = language;
  }, [language]);
  const chosen = useMemo<Chosen>(
    () => ({
      language,
      choose: (wished) => {
        writeSetting(STORED, wished);
        setLanguage(wished);
      },
      format: formatOf(localeOf(language)),
    }),
    [language],
  );
  return <ChosenContext value={chosen}>{children}</ChosenContext>;
}

/** The browser's own variant of the language, such as en-GB, for dates and numbers. */
function localeOf(language: Language): string {
  return navigator.languages.find((tag) => tag.toLowerCase().split("-")[0] === language) ?? language;
}

export function useLanguage(): Chosen {
  const chosen = useContext(ChosenContext);
  if (!chosen) throw new Error("LanguageProvider is missing.");
  return chosen;
}

export function useMessages<Source>(messages: Messages<Source>): Translated<Source> {
  return messages[useLanguage().language];
}

export function useFormat(): Format {
  return useLanguage().format;
}
