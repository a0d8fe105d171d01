import { defineMessages } from ".";

export const daily = defineMessages(
  {
    title: "Daily pack",
    nothing:
      "Nothing is due, and there is nothing new to begin with. Practise a template, and its skills come back here.",
    templates: "To the templates",
    packDone: "Today's pack is done.",
    packDiscarded: "Today's pack was ended before it was done.",
    left: (count: string) => `${count} more skills are due today.`,
    more: "More for today",
    toSummary: "How it went",
    ahead: "What comes",
    aheadText: "Skills that come back for review, by day.",
    today: "Still today",
    tomorrow: "Tomorrow",
    skills: (count: string) => (count === "1" ? "1 skill" : `${count} skills`),
    dayBegins: "My days begin at",
    dayBeginsHint:
      "Packs, reviews and the streak count days from this time. It can be changed once in 24 hours.",
    dayBeginsSet: (time: string) => `Your days begin at ${time}.`,
    dayBeginsLater: "It was changed in the last 24 hours already, and stays for now.",
  },
  {
    de: {
      title: "Tagespaket",
      nothing:
        "Nichts ist fällig, und nichts Neues steht bereit. Übe eine Vorlage, dann kommen ihre Fertigkeiten hierher zurück.",
      templates: "Zu den Vorlagen",
      packDone: "Das Paket von heute ist geschafft.",
      packDiscarded: "Das Paket von heute wurde vor dem Ende beendet.",
      left: (count: string) => `Heute sind noch ${count} Fertigkeiten fällig.`,
      more: "Mehr für heute",
      toSummary: "So lief es",
      ahead: "Was kommt",
      aheadText: "Fertigkeiten, die zur Wiederholung zurückkommen, nach Tagen.",
      today: "Noch heute",
      tomorrow: "Morgen",
      skills: (count: string) => (count === "1" ? "1 Fertigkeit" : `${count} Fertigkeiten`),
      dayBegins: "Meine Tage beginnen um",
      dayBeginsHint:
        "Pakete, Wiederholungen und die Serie zählen Tage ab dieser Zeit. Sie lässt sich einmal in 24 Stunden ändern.",
      dayBeginsSet: (time: string) => `Deine Tage beginnen um ${time}.`,
      dayBeginsLater: "Sie wurde in den letzten 24 Stunden schon geändert und bleibt vorerst.",
    },
  },
);
