import { counted, defineMessages } from ".";

/** Texts of the page on which an assignment is worked on. */
export const handingIn = defineMessages(
  {
    title: "Assignment",
    modes: {
      questions: (count: number) =>
        `${counted("en", count, "question", "questions")}, each asked once. Your score is the share that you answer right at once; what you leave out counts as wrong.`,
      infinite: (count: number) =>
        `The tutor chooses the questions, and practice goes on until you hand in. Your score is how well you master ${counted("en", count, "skill", "skills")}.`,
      checklist: () => "A list of exercises. Your score is the share that is done.",
    },
    once: "You hand in once. Until then you can stop and come back, on any device.",
    lateCounts: "It is past due. You can still hand in, and it is marked as late.",
    withdrawn: "Your teacher has withdrawn this assignment.",
    archived: "The class is archived, so nothing is handed in any more.",
    exempt: "Your teacher has excused you from this assignment.",
    handIn: "Hand in",
    handInTitle: "Hand in?",
    handInText: (answered: string) =>
      `${answered} After handing in nothing changes any more, and your teacher sees the result.`,
    answeredOf: (answered: number, all: number) => `You have answered ${answered} of ${all} questions.`,
    answered: (count: number) => `You have answered ${counted("en", count, "question", "questions")}.`,
    goOn: "Go on working",
    allAsked: "That was the last question. Hand in, and you see your result.",
    handedIn: (when: string) => `Handed in ${when}.`,
    handedInLate: (when: string) => `Handed in late, ${when}.`,
    grade: "Your result",
    byTeacher: (computed: string) => `Set by your teacher. Computed: ${computed}.`,
    noScore: "Nothing in it could be scored.",
    toToday: "Home",
    toSession: "Look at the answers",
  },
  {
    de: {
      title: "Aufgabe",
      modes: {
        questions: (count: number) =>
          `${counted("de", count, "Frage", "Fragen")}, jede einmal. Dein Ergebnis ist der Anteil, den du sofort richtig beantwortest; was du auslässt, zählt als falsch.`,
        infinite: (count: number) =>
          `Der Tutor wählt die Fragen, und es geht weiter, bis du abgibst. Dein Ergebnis ist, wie gut du ${counted("de", count, "Fähigkeit", "Fähigkeiten")} beherrschst.`,
        checklist: () => "Eine Liste von Übungen. Dein Ergebnis ist der Anteil, der erledigt ist.",
      },
      once: "Du gibst einmal ab. Bis dahin kannst du aufhören und auf jedem Gerät weitermachen.",
      lateCounts: "Der Termin ist vorbei. Du kannst noch abgeben, es gilt dann als verspätet.",
      withdrawn: "Deine Lehrkraft hat diese Aufgabe zurückgezogen.",
      archived: "Die Klasse ist archiviert, es wird nichts mehr abgegeben.",
      exempt: "Deine Lehrkraft hat dich von dieser Aufgabe befreit.",
      handIn: "Abgeben",
      handInTitle: "Abgeben?",
      handInText: (answered: string) =>
        `${answered} Nach dem Abgeben ändert sich nichts mehr, und deine Lehrkraft sieht das Ergebnis.`,
      answeredOf: (answered: number, all: number) => `Du hast ${answered} von ${all} Fragen beantwortet.`,
      answered: (count: number) => `Du hast ${counted("de", count, "Frage", "Fragen")} beantwortet.`,
      goOn: "Weiterarbeiten",
      allAsked: "Das war die letzte Frage. Gib ab, dann siehst du dein Ergebnis.",
      handedIn: (when: string) => `Abgegeben ${when}.`,
      handedInLate: (when: string) => `Verspätet abgegeben, ${when}.`,
      grade: "Dein Ergebnis",
      byTeacher: (computed: string) => `Von deiner Lehrkraft gesetzt. Berechnet: ${computed}.`,
      noScore: "Es gab nichts, was gewertet werden konnte.",
      toToday: "Startseite",
      toSession: "Antworten ansehen",
    },
  },
);
