import { defineMessages } from ".";

/** What was changed in a question of another system, or why it can't be taken; by the codes of admin/content/items.py. */
export const questionNotes = defineMessages(
  {
    // The question is taken, changed.
    case: () => "Upper and lower case count there; here they do not.",
    duplicate_choice: (text: string) => `A choice that stood there twice is taken once: ${text}`,
    explanation: () => "The feedback on the right answer became the explanation.",
    feedback: (count: string) => `Feedback on single answers is left out: ${count}`,
    image: (source: string) => `An image is left out: ${source}`,
    markup: (tag: string) => `Markup that has no counterpart here is left out: ${tag}`,
    open: () => "An open question has no criteria here: students rate their own answers.",
    other_answers: (numbers: string) => `Only the first right number is taken; left out: ${numbers}`,
    partial: (text: string) => `An answer that earns a part of the points counts as wrong: ${text}`,
    table: () => "A table became lines of text.",
    tags: (tag: string) => `Tags are left out: ${tag}`,
    unit_rules: (unit: string) => `Rules for units are left out; the unit is ${unit}`,
    weights: () => "Right choices of different points count the same here.",
    wildcard: (text: string) => `An accepted answer with the wildcard * is left out: ${text}`,
    // The question is refused.
    brace: () => "A brace is missing, or lacks a backslash before it.",
    braces: () => "A further brace needs a backslash before it.",
    empty: () => "It has no text.",
    formula: (tag: string) => `A formula has <${tag}> in a way that is not read.`,
    kind: (name: string) => `Questions of the kind ${name} are not read.`,
    no_key: () => "It names no right answer.",
    no_pair: () => "A pair lacks the -> between its two sides.",
    no_number: (text: string) => `“${text}” is not a number.`,
    not_a_question: () => "It is a text without a question.",
    too_deep: () => "Its markup is nested too deeply.",
    too_long: (most: string) => `It is longer than ${most} characters.`,
    two_keys: () => "It has two right choices, of which only one can be chosen.",
    // The file, or what it brings a second time.
    taken: (id: string) => `A question with the identifier ${id} is in the template already.`,
    no_xml: () => "This file cannot be read: it is not well-formed XML, or declares a document type.",
    other_xml: (tag: string) => `This file cannot be read: <${tag}> is not the XML of Moodle.`,
  },
  {
    de: {
      case: () => "Groß- und Kleinschreibung zählt dort, hier nicht.",
      duplicate_choice: (text: string) =>
        `Eine Antwort, die dort zweimal stand, ist einmal übernommen: ${text}`,
      explanation: () => "Die Rückmeldung zur richtigen Antwort wurde zur Erklärung.",
      feedback: (count: string) => `Rückmeldungen zu einzelnen Antworten fehlen hier: ${count}`,
      image: (source: string) => `Ein Bild fehlt hier: ${source}`,
      markup: (tag: string) => `Auszeichnung ohne Entsprechung fehlt hier: ${tag}`,
      open: () => "Eine offene Frage hat hier keine Kriterien: Wer übt, bewertet die eigene Antwort.",
      other_answers: (numbers: string) => `Nur die erste richtige Zahl ist übernommen; es fehlen: ${numbers}`,
      partial: (text: string) => `Eine Antwort, die einen Teil der Punkte bringt, gilt als falsch: ${text}`,
      table: () => "Eine Tabelle wurde zu Zeilen Text.",
      tags: (tag: string) => `Schlagwörter fehlen hier: ${tag}`,
      unit_rules: (unit: string) => `Regeln für Einheiten fehlen hier; die Einheit ist ${unit}`,
      weights: () => "Richtige Antworten mit verschiedenen Punkten zählen hier gleich.",
      wildcard: (text: string) => `Eine richtige Antwort mit dem Platzhalter * fehlt hier: ${text}`,
      brace: () => "Eine geschweifte Klammer fehlt, oder vor ihr fehlt ein Backslash.",
      braces: () => "Vor einer weiteren geschweiften Klammer fehlt ein Backslash.",
      empty: () => "Sie hat keinen Text.",
      formula: (tag: string) => `Eine Formel enthält <${tag}> in einer Weise, die nicht gelesen wird.`,
      kind: (name: string) => `Fragen der Art ${name} werden nicht gelesen.`,
      no_key: () => "Keine Antwort ist als richtig genannt.",
      no_pair: () => "Einem Paar fehlt das -> zwischen seinen beiden Seiten.",
      no_number: (text: string) => `„${text}“ ist keine Zahl.`,
      not_a_question: () => "Das ist ein Text ohne Frage.",
      too_deep: () => "Ihre Auszeichnung ist zu tief geschachtelt.",
      too_long: (most: string) => `Sie ist länger als ${most} Zeichen.`,
      two_keys: () => "Zwei Antworten sind richtig, aber nur eine kann gewählt werden.",
      taken: (id: string) => `Eine Frage mit der Kennung ${id} ist schon in der Vorlage.`,
      no_xml: () =>
        "Diese Datei lässt sich nicht lesen: Sie ist kein wohlgeformtes XML oder nennt einen Dokumenttyp.",
      other_xml: (tag: string) =>
        `Diese Datei lässt sich nicht lesen: <${tag}> ist nicht das XML von Moodle.`,
    },
  },
);

export type NoteCode = keyof (typeof questionNotes)["en"];
