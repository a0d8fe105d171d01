import { defineMessages } from ".";

/** Texts of what the pages of sessions and the log share. */
export const sessionParts = defineMessages(
  {
    xp: "XP",
    xpTotal: "In all",
    xpItems: "For what was done",
    xpBonus: "For a whole session",
    xpStreak: "For the streak",
    xpVerified: "Of these, for answers graded by the server",
    part: "Part",
    mastery: "Mastery",
    skill: "Skill",
    before: "Before",
    after: "After",
    change: "Change",
    noValue: "No value",
  },
  {
    de: {
      xp: "XP",
      xpTotal: "Insgesamt",
      xpItems: "Für Erledigtes",
      xpBonus: "Für eine ganze Sitzung",
      xpStreak: "Für die Serie",
      xpVerified: "Davon für Antworten, die der Server bewertet hat",
      part: "Teil",
      mastery: "Beherrschung",
      skill: "Fertigkeit",
      before: "Vorher",
      after: "Nachher",
      change: "Änderung",
      noValue: "Keine Angabe",
    },
  },
);
