import { readSetting, writeSetting } from "@/i18n/settings";

export type Theme = "system" | "light" | "dark";

const STORED = "practice.theme";

export function storedTheme(): Theme {
  const stored = readSetting(STORED);
  return stored === "light" || stored === "dark" ? stored : "system";
}

/** Shows the theme, and keeps it in this browser if it is given. */
export function applyTheme(theme: Theme = storedTheme()): void {
  writeSetting(STORED, theme);
  if (theme === "system") delete document.documentElement.dataset["theme"];
  else document.documentElement.dataset["theme"] = theme;
}
