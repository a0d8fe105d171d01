import { defineMessages } from ".";

export const daily = defineMessages(
  {
    title: "Daily pack",
    nothing:
      "Nothing is due, and there is nothing new to begin with. Practise a template, and its skills come back here.",
    templates: "To the templates",
    packDone: "Today's pack is done.",
    left: (count: string) => `${count} more skills are due today.`,
    more: "More for today",
    toSummary: "How it went",
    ahead: "What comes",
    aheadText: "Skills that come back for review, by day.",
    today: "Still today",
    tomorrow: "Tomorrow",
    skills: (count: string) => (count === "1" ? "1 skill" : `${count} skills`),
    toToday: "To today",
  },
  {
    de: {
      title: "Tagespaket",
      nothing:
        "Nichts ist fällig, und nichts Neues steht bereit. Übe eine Vorlage, dann kommen ihre Fertigkeiten hierher zurück.",
      templates: "Zu den Vorlagen",
      packDone: "Das Paket von heute ist geschafft.",
      left: (count: string) => `Heute sind noch ${count} Fertigkeiten fällig.`,
      more: "Mehr für heute",
      toSummary: "So lief es",
      ahead: "Was kommt",
      aheadText: "Fertigkeiten, die zur Wiederholung zurückkommen, nach Tagen.",
      today: "Noch heute",
      tomorrow: "Morgen",
      skills: (count: string) => (count === "1" ? "1 Fertigkeit" : `${count} Fertigkeiten`),
      toToday: "Zu heute",
    },
  },
);
