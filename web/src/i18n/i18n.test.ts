import { expect, it } from "vitest";

type Dictionary = Record<string, unknown>;
const modules = import.meta.glob<Record<string, unknown>>("./*.ts", { eager: true });

function dictionaries(): [string, Record<"en" | "de", Dictionary>][] {
  const found: [string, Record<"en" | "de", Dictionary>][] = [];
  for (const [file, exports] of Object.entries(modules))
    for (const [name, value] of Object.entries(exports))
      if (typeof value === "object" && value !== null && "en" in value)
        found.push([`${file} ${name}`, value as Record<"en" | "de", Dictionary>]);
  return found;
}

it.each(dictionaries())("%s has the same texts in each language, and no empty one", (_name, { en, de }) => {
  expect(namesOf(de)).toEqual(namesOf(en));
});

function namesOf(texts: Dictionary): string[] {
  return Object.entries(texts)
    .flatMap(([name, text]) => {
      if (typeof text === "object" && text !== null)
        return namesOf(text as Dictionary).map((below) => `${name}.${below}`);
      expect(text, name).not.toBe("");
      return [`${name}: ${typeof text === "function" ? `function of ${text.length}` : typeof text}`];
    })
    .sort();
}
