import { defineMessages } from ".";

/** Reports of wrong questions: the student's dialog, and the teacher's list. */
export const report = defineMessages(
  {
    title: "Is this question wrong?",
    text: "The author of this template sees the question, your answer and your note. Your answer counts as it was graded.",
    note: "What is wrong?",
    noteHint: "You may leave this empty.",
    send: "Report it",
    sent: "The question is reported. Thank you.",
    reports: "Reported questions",
    none: "No question of this template has been reported.",
    student: "Student",
    when: "Reported",
    question: "Question",
    choices: (texts: string) => `Choices: ${texts}`,
    answer: "Answer",
    key: "Right by the key",
    noteOf: "Note",
    noText: "–",
  },
  {
    de: {
      title: "Stimmt diese Frage nicht?",
      text: "Wer die Vorlage geschrieben hat, sieht die Frage, deine Antwort und deine Notiz. Deine Antwort zählt so, wie sie bewertet wurde.",
      note: "Was stimmt nicht?",
      noteHint: "Du kannst das leer lassen.",
      send: "Melden",
      sent: "Die Frage ist gemeldet. Danke.",
      reports: "Gemeldete Fragen",
      none: "Zu dieser Vorlage wurde keine Frage gemeldet.",
      student: "Schüler/in",
      when: "Gemeldet",
      question: "Frage",
      choices: (texts: string) => `Auswahl: ${texts}`,
      answer: "Antwort",
      key: "Laut Schlüssel richtig",
      noteOf: "Notiz",
      noText: "–",
    },
  },
);
