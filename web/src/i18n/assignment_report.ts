import { counted, defineMessages } from ".";

/** Texts of a teacher's page of one assignment. */
export const assignmentReport = defineMessages(
  {
    usual: "Assignment",
    toClass: "To the class",
    toGradebook: "Gradebook",
    standing: "How it stands",
    students: "Students",
    student: "Student",
    state: "State",
    grade: "Grade",
    submittedAt: "Handed in",
    noStudents: "Nobody has joined yet.",
    analysis: "The questions",
    analysisText:
      "How many were right at the first try, what was answered instead, and how well each question tells those who know from those who do not.",
    reads: (documents: string) =>
      `The work that is handed in is read for this: about ${documents} documents.`,
    analyse: "Analyse the answers",
    reading: (done: number, all: number) => `${done} of ${counted("en", all, "student", "students")} read …`,
    nothing: "Nobody has handed in work with questions yet.",
    question: "Question",
    answered: "Answered",
    right: "Right at first try",
    wrong: "Commonest wrong answers",
    discrimination: "Discrimination",
    discriminationText:
      "Discrimination runs from −1 to 1: above 0.2 a question separates well, below 0 those who know the rest get it wrong, so look at it. It needs three students.",
    time: "Median time",
    counts: "In the score",
    times: (text: string, count: number) => `${text} (${count}×)`,
    notKept: "(the question was not kept)",
    voidIt: "Take it out",
    isVoided: "Taken out",
    voidTitle: "Take this question out of the assignment?",
    voidText:
      "All work is graded as if it had never been asked, also what is handed in, and nobody is asked it any more. It can't be put back.",
    voidNote: "Why (optional)",
    voided: "The question is out, and all work is graded without it.",
    regrading: (done: number, all: number) => `${done} of ${counted("en", all, "student", "students")} …`,
    unfinished: (done: number, all: number) =>
      `A question was taken out, and ${done} of ${counted("en", all, "student", "students")} are graded without it.`,
    goOn: "Go on",
    skillsLeft: (count: number) =>
      `${counted("en", count, "skill", "skills")} of students could not be computed again: a part of the log is missing.`,
  },
  {
    de: {
      usual: "Aufgabe",
      toClass: "Zur Klasse",
      toGradebook: "Notenbuch",
      standing: "Stand",
      students: "Lernende",
      student: "Name",
      state: "Stand",
      grade: "Ergebnis",
      submittedAt: "Abgegeben",
      noStudents: "Noch ist niemand beigetreten.",
      analysis: "Die Fragen",
      analysisText:
        "Wie viele beim ersten Versuch richtig lagen, was stattdessen geantwortet wurde, und wie gut jede Frage Wissende von Unwissenden trennt.",
      reads: (documents: string) => `Dafür wird die abgegebene Arbeit gelesen: etwa ${documents} Dokumente.`,
      analyse: "Antworten auswerten",
      reading: (done: number, all: number) =>
        `${done} von ${counted("de", all, "Person", "Personen")} gelesen …`,
      nothing: "Noch hat niemand Arbeit mit Fragen abgegeben.",
      question: "Frage",
      answered: "Beantwortet",
      right: "Sofort richtig",
      wrong: "Häufigste falsche Antworten",
      discrimination: "Trennschärfe",
      discriminationText:
        "Die Trennschärfe reicht von −1 bis 1: Über 0,2 trennt eine Frage gut; unter 0 liegen gerade die falsch, die den Rest wissen, also sieh sie dir an. Sie braucht drei Lernende.",
      time: "Mittlere Zeit",
      counts: "In der Wertung",
      times: (text: string, count: number) => `${text} (${count}×)`,
      notKept: "(die Frage wurde nicht aufbewahrt)",
      voidIt: "Herausnehmen",
      isVoided: "Herausgenommen",
      voidTitle: "Diese Frage aus der Aufgabe herausnehmen?",
      voidText:
        "Alle Arbeit wird bewertet, als wäre die Frage nie gestellt worden, auch die abgegebene, und niemand wird sie mehr gefragt. Das lässt sich nicht zurücknehmen.",
      voidNote: "Warum (freiwillig)",
      voided: "Die Frage ist herausgenommen und alle Arbeit ohne sie bewertet.",
      regrading: (done: number, all: number) => `${done} von ${counted("de", all, "Person", "Personen")} …`,
      unfinished: (done: number, all: number) =>
        `Eine Frage wurde herausgenommen; ${done} von ${counted("de", all, "Person", "Personen")} sind ohne sie bewertet.`,
      goOn: "Weiter bewerten",
      skillsLeft: (count: number) =>
        `${counted("de", count, "Fertigkeit", "Fertigkeiten")} von Lernenden ließen sich nicht neu berechnen: Ein Teil des Protokolls fehlt.`,
    },
  },
);
