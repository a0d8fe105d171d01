import { defineMessages } from ".";

/** Texts of the page that shows what a class works on at the moment. */
export const classLive = defineMessages(
  {
    title: (name: string) => `Live: ${name}`,
    usual: "Live",
    toClass: "To the class",
    onlyTeachers: "This page is for the teachers of the class.",
    archived: "This class is archived. Only what was begun before can still be handed in.",
    nobody: "Nobody works on an assignment at the moment. Who begins shows here by itself.",
    student: "Student",
    state: "State",
    states: { needs_help: "Needs help", working: "At work", idle: "Idle" },
    assignment: "Assignment",
    progress: "Progress",
    done: (count: number) => `${count} done`,
    doneOf: (done: string, all: string) => `${done} of ${all}`,
    right: "Right so far",
    skill: "Skill",
    seen: "Last seen",
    about:
      "Who has handed in is no longer here. Idle are those who have answered nothing for five minutes. Needing help means that three or more answers in a skill have not raised its mastery. Right answers are left out where students see them only after handing in.",
    inNeed: (names: string) => `Help is needed by ${names}.`,
  },
  {
    de: {
      title: (name: string) => `Live: ${name}`,
      usual: "Live",
      toClass: "Zur Klasse",
      onlyTeachers: "Diese Seite ist für die Lehrkräfte der Klasse.",
      archived: "Diese Klasse ist archiviert. Nur vorher Begonnenes kann noch abgegeben werden.",
      nobody: "Gerade arbeitet niemand an einer Aufgabe. Wer beginnt, zeigt sich hier von selbst.",
      student: "Name",
      state: "Stand",
      states: { needs_help: "Braucht Hilfe", working: "Arbeitet", idle: "Untätig" },
      assignment: "Aufgabe",
      progress: "Fortschritt",
      done: (count: number) => `${count} erledigt`,
      doneOf: (done: string, all: string) => `${done} von ${all}`,
      right: "Bisher richtig",
      skill: "Fertigkeit",
      seen: "Zuletzt gesehen",
      about:
        "Wer abgegeben hat, steht nicht mehr hier. Untätig ist, wer fünf Minuten lang nichts beantwortet hat. Hilfe braucht, wer nach drei oder mehr Antworten eine Fertigkeit nicht besser beherrscht. Richtige Antworten fehlen, wo Lernende sie erst nach der Abgabe sehen.",
      inNeed: (names: string) => `Hilfe brauchen: ${names}.`,
    },
  },
);
