import { defineMessages } from ".";

/** The fields of single kinds of question in the builder. They are loaded with the dialog that has them. */
export const templateQuestions = defineMessages(
  {
    keepOrder: "Show the choices in this order, not shuffled",
    decimalMark: "Decimal mark",
    decimalMarkHint: "Tells what 1,234 and 1.234 mean. Without it 1,234 is asked about.",
    decimalMarks: { "": "Not given", ".": "Point (1,234.5)", ",": "Comma (1.234,5)" },
    commaHint: "With a comma, entries are separated by semicolons: (1,5; 2).",
    expression: "Right answer",
    expressionHint: "Plain or in TeX: 2(x + 1), 3/4, √2, x = 4, (1, 2), {1, 2}, [0; 1), [[1, 2], [3, 4]].",
    form: "Form",
    formHint: "The right value in another form scores half.",
    forms: {
      "": "Like the answer above",
      factored: "Factored",
      expanded: "Expanded",
      lowest_terms: "In lowest terms",
      solved: "Solved",
      any: "Any form",
    },
    spelling: "Spelling",
    ignores: {
      accents: "Accents do not matter (Besançon, Besancon)",
      articles: "An article before the answer does not matter (the heart, heart)",
      contractions: "English contractions do not matter (don’t, do not)",
    },
    spellingRetry: "A misspelt answer may be written once more, at no cost",
  },
  {
    de: {
      keepOrder: "Antworten in dieser Reihenfolge zeigen, nicht gemischt",
      decimalMark: "Dezimalzeichen",
      decimalMarkHint: "Sagt, was 1,234 und 1.234 bedeuten. Ohne Angabe wird bei 1,234 nachgefragt.",
      decimalMarks: { "": "Ohne Angabe", ".": "Punkt (1,234.5)", ",": "Komma (1.234,5)" },
      commaHint: "Mit Komma werden Einträge durch Semikolon getrennt: (1,5; 2).",
      expression: "Richtige Antwort",
      expressionHint:
        "Als Text oder in TeX: 2(x + 1), 3/4, √2, x = 4, (1, 2), {1, 2}, [0; 1), [[1, 2], [3, 4]].",
      form: "Form",
      formHint: "Der richtige Wert in anderer Form zählt halb.",
      forms: {
        "": "Wie die Antwort oben",
        factored: "Faktorisiert",
        expanded: "Ausmultipliziert",
        lowest_terms: "Vollständig gekürzt",
        solved: "Aufgelöst",
        any: "Beliebig",
      },
      spelling: "Schreibweise",
      ignores: {
        accents: "Akzente sind gleichgültig (Besançon, Besancon)",
        articles: "Ein Artikel vor der Antwort ist gleichgültig (das Herz, Herz)",
        contractions: "Englische Kurzformen sind gleichgültig (don’t, do not)",
      },
      spellingRetry: "Eine falsch geschriebene Antwort darf einmal kostenlos neu geschrieben werden",
    },
  },
);
