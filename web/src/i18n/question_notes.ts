import { defineMessages } from ".";

/** What was changed in a question of another system, or why it can't be taken; by the codes of admin/content/items.py. */
export const questionNotes = defineMessages(
  {
    // The question is taken, changed.
    case: () => "Upper and lower case count there; here they do not.",
    duplicate_choice: (text: string) => `A choice that stood there twice is taken once: ${text}`,
    explanation: () => "The feedback on the right answer became the explanation.",
    feedback: (count: string) => `Feedback on single answers or attempts is left out: ${count}`,
    image: (source: string) => `An image is left out: ${source}`,
    markup: (tag: string) => `Markup that has no counterpart here is left out: ${tag}`,
    open: () => "An open question has no criteria here: students rate their own answers.",
    other_answers: (numbers: string) => `Only the first right number is taken; left out: ${numbers}`,
    partial: (text: string) => `An answer that earns a part of the points counts as wrong: ${text}`,
    scoring: () => "Rules of scoring of its own are left out; the correct response counts.",
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
    matches: () => "A matchInteraction where an entry has several matches or none is not read.",
    missing: (name: string) => `The package does not have ${name}.`,
    no_key: () => "It names no right answer.",
    no_pair: () => "A pair lacks the -> between its two sides.",
    no_number: (text: string) => `“${text}” is not a number.`,
    not_a_question: () => "It is a text without a question.",
    several: (kinds: string) => `A question with several answers of these kinds is not read: ${kinds}`,
    stimulus: () => "A question about a shared text (stimulus) is not read.",
    too_deep: () => "Its markup is nested too deeply.",
    too_long: (most: string) => `It is longer than ${most} characters.`,
    two_keys: () => "It has two right choices, of which only one can be chosen.",
    undeclared: (name: string) => `It does not declare the response ${name}.`,
    variables: () => "A template with variables is not read.",
    version: (name: string) => `${name} is not read; QTI 2.1, 2.2 and 3.0 are.`,
    // The file, or what it brings a second time.
    taken: (id: string) => `A question with the identifier ${id} is in the template already.`,
    no_xml: () => "This file cannot be read: it is not well-formed XML, or declares a document type.",
    other_xml: (tag: string) =>
      `This file cannot be read: <${tag}> is neither the XML of Moodle nor an item of QTI.`,
    big_file: (megabytes: string) => `This file is larger than ${megabytes} MB.`,
    many_elements: (most: string) => `This file cannot be read: it has more than ${most} elements.`,
    nested: (most: string) => `This file cannot be read: it is nested deeper than ${most} levels.`,
    no_item: (tag: string) => `This file cannot be read: <${tag}> is no item of QTI 2.1, 2.2 or 3.0.`,
    no_reader: () =>
      "The part of the app that reads this file could not be loaded. Please choose the file again when there is a network.",
    // The package, or a file of it.
    no_zip: () => "This package cannot be read: it is no zip archive, or a damaged one.",
    no_items: () => "This package has neither imsmanifest.xml nor another XML file.",
    many_files: (most: string) => `This package has more than ${most} files.`,
    outside: (name: string) => `This package has a file outside of itself: ${name}`,
    twice: (name: string) => `This package has the file ${name} twice.`,
    encrypted: (name: string) => `The file ${name} of the package is encrypted.`,
    packed: (name: string) => `The file ${name} of the package is packed by a method that is not read.`,
    broken: (name: string) => `The file ${name} of the package is broken.`,
    too_large: (name: string) => `The file ${name} of the package is too large.`,
    bomb: (name: string) => `The file ${name} of the package is compressed beyond all measure.`,
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
      scoring: () => "Eigene Regeln der Wertung fehlen hier; die richtige Antwort zählt.",
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
      matches: () =>
        "Eine matchInteraction, in der ein Eintrag mehrere Zuordnungen oder keine hat, wird nicht gelesen.",
      missing: (name: string) => `Dem Paket fehlt ${name}.`,
      no_key: () => "Keine Antwort ist als richtig genannt.",
      no_pair: () => "Einem Paar fehlt das -> zwischen seinen beiden Seiten.",
      no_number: (text: string) => `„${text}“ ist keine Zahl.`,
      not_a_question: () => "Das ist ein Text ohne Frage.",
      several: (kinds: string) =>
        `Eine Frage mit mehreren Antworten dieser Arten wird nicht gelesen: ${kinds}`,
      stimulus: () => "Eine Frage zu einem gemeinsamen Text (stimulus) wird nicht gelesen.",
      too_deep: () => "Ihre Auszeichnung ist zu tief geschachtelt.",
      too_long: (most: string) => `Sie ist länger als ${most} Zeichen.`,
      two_keys: () => "Zwei Antworten sind richtig, aber nur eine kann gewählt werden.",
      undeclared: (name: string) => `Sie erklärt die Antwort ${name} nicht.`,
      variables: () => "Eine Vorlage mit Variablen wird nicht gelesen.",
      version: (name: string) => `${name} wird nicht gelesen; QTI 2.1, 2.2 und 3.0 werden es.`,
      taken: (id: string) => `Eine Frage mit der Kennung ${id} ist schon in der Vorlage.`,
      no_xml: () =>
        "Diese Datei lässt sich nicht lesen: Sie ist kein wohlgeformtes XML oder nennt einen Dokumenttyp.",
      other_xml: (tag: string) =>
        `Diese Datei lässt sich nicht lesen: <${tag}> ist weder das XML von Moodle noch eine Aufgabe in QTI.`,
      big_file: (megabytes: string) => `Diese Datei ist größer als ${megabytes} MB.`,
      many_elements: (most: string) =>
        `Diese Datei lässt sich nicht lesen: Sie hat mehr als ${most} Elemente.`,
      nested: (most: string) =>
        `Diese Datei lässt sich nicht lesen: Sie ist tiefer als ${most} Ebenen geschachtelt.`,
      no_item: (tag: string) =>
        `Diese Datei lässt sich nicht lesen: <${tag}> ist keine Aufgabe in QTI 2.1, 2.2 oder 3.0.`,
      no_reader: () =>
        "Der Teil der App, der diese Datei liest, ließ sich nicht laden. Bitte die Datei noch einmal wählen, wenn es ein Netz gibt.",
      no_zip: () => "Dieses Paket lässt sich nicht lesen: Es ist kein ZIP-Archiv, oder es ist beschädigt.",
      no_items: () => "Dieses Paket hat weder imsmanifest.xml noch eine andere XML-Datei.",
      many_files: (most: string) => `Dieses Paket hat mehr als ${most} Dateien.`,
      outside: (name: string) => `Dieses Paket hat eine Datei außerhalb seiner selbst: ${name}`,
      twice: (name: string) => `Dieses Paket hat die Datei ${name} zweimal.`,
      encrypted: (name: string) => `Die Datei ${name} des Pakets ist verschlüsselt.`,
      packed: (name: string) =>
        `Die Datei ${name} des Pakets ist mit einem Verfahren gepackt, das nicht gelesen wird.`,
      broken: (name: string) => `Die Datei ${name} des Pakets ist beschädigt.`,
      too_large: (name: string) => `Die Datei ${name} des Pakets ist zu groß.`,
      bomb: (name: string) => `Die Datei ${name} des Pakets ist über jedes Maß komprimiert.`,
    },
  },
);

export type NoteCode = keyof (typeof questionNotes)["en"];
