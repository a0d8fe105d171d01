import { counted, defineMessages } from ".";

/** What is wrong with a field of a template. */
export const checks = defineMessages(
  {
    required: "Please fill in this field.",
    tooLong: (length: number, most: number) =>
      `This has ${counted("en", length, "character", "characters")}; at most ${most} fit.`,
    oneLine: "Please use one line of text, without control characters.",
    reserved: "A name cannot begin and end with two underscores.",
    notANumber: "Please enter a number.",
    atLeast: (least: number) => `Please enter ${least} or more.`,
    atMost: (most: number) => `Please enter ${most} or less.`,
    above: (least: number) => `Please enter more than ${least}.`,
    wholeBetween: (least: number, most: number) => `Please enter whole numbers from ${least} to ${most}.`,
    tooFew: (least: number) => `At least ${least} are needed.`,
    tooMany: (most: number) => `At most ${most} are possible.`,
    goal: "An identifier is short, and has only the letters a to z, digits, - and _.",
    noUid: (text: string) =>
      `${text} is not the identifier of a student. Names and e-mail addresses do not work here.`,
    privateWithStudents:
      "Students are entered, but only you may see the template. Choose who may see it, or remove the students.",
    mastery: "The first number can't be greater than the second.",
    longTotal: (most: number) => `All sections together can have at most ${most} minutes.`,
    repeated: "Two choices are the same.",
    repeatedId: "Two exercises or questions have the same identifier.",
    markOne: "Please mark the right choice.",
    markSome: "Please mark at least one right choice.",
    pairs: "Please fill in both sides of at least one pair. The right side must not be empty.",
    marks: (marks: string) => `The text must have each blank once, in their order: ${marks}`,
    number: "Please enter a number, such as 12, -0.5, 3/4 or 1.2e3.",
    picture:
      "Please enter an address that begins with https:// (png, jpeg, webp, gif or svg), or choose a file.",
    alt: "Please say what the picture shows.",
    unit: "A unit begins with a letter or a sign such as %, ° or $.",
    tooLarge: (kilobytes: number, most: number) =>
      `The template takes ${kilobytes} KB; at most ${most} KB can be stored. Please shorten it, or make two templates of it.`,
    noText: "is not a text",
    noNumber: "is not a number",
    noList: "is missing, or is not a list",
    noObject: "is missing, or is not an object with fields",
    noKind: "is not a kind of question",
    noVisibility: "is not private, assigned or public",
  },
  {
    de: {
      required: "Bitte dieses Feld ausfüllen.",
      tooLong: (length: number, most: number) =>
        `Das sind ${counted("de", length, "Zeichen", "Zeichen")}; höchstens ${most} passen.`,
      oneLine: "Bitte nur eine Zeile Text ohne Steuerzeichen.",
      reserved: "Ein Name kann nicht mit zwei Unterstrichen beginnen und enden.",
      notANumber: "Bitte eine Zahl eingeben.",
      atLeast: (least: number) => `Bitte ${least} oder mehr eingeben.`,
      atMost: (most: number) => `Bitte höchstens ${most} eingeben.`,
      above: (least: number) => `Bitte mehr als ${least} eingeben.`,
      wholeBetween: (least: number, most: number) => `Bitte ganze Zahlen von ${least} bis ${most} eingeben.`,
      tooFew: (least: number) => `Mindestens ${least} sind nötig.`,
      tooMany: (most: number) => `Höchstens ${most} sind möglich.`,
      goal: "Eine Kennung ist kurz und hat nur die Buchstaben a bis z, Ziffern, - und _.",
      noUid: (text: string) => `${text} ist keine Kennung. Namen und E-Mail-Adressen gehen hier nicht.`,
      privateWithStudents:
        "Lernende sind eingetragen, aber nur du darfst die Vorlage sehen. Wähle, wer sie sehen darf, oder entferne die Lernenden.",
      mastery: "Die erste Zahl darf nicht größer sein als die zweite.",
      longTotal: (most: number) => `Alle Abschnitte zusammen können höchstens ${most} Minuten haben.`,
      repeated: "Zwei Antworten sind gleich.",
      repeatedId: "Zwei Übungen oder Fragen haben dieselbe Kennung.",
      markOne: "Bitte die richtige Antwort markieren.",
      markSome: "Bitte mindestens eine richtige Antwort markieren.",
      pairs: "Bitte bei mindestens einem Paar beide Seiten ausfüllen. Die rechte Seite darf nicht leer sein.",
      marks: (marks: string) => `Im Text muss jede Lücke einmal stehen, in ihrer Reihenfolge: ${marks}`,
      number: "Bitte eine Zahl eingeben, etwa 12, -0,5, 3/4 oder 1,2e3.",
      picture:
        "Bitte eine Adresse eingeben, die mit https:// beginnt (png, jpeg, webp, gif oder svg), oder eine Datei wählen.",
      alt: "Bitte sagen, was das Bild zeigt.",
      unit: "Eine Einheit beginnt mit einem Buchstaben oder einem Zeichen wie %, ° oder $.",
      tooLarge: (kilobytes: number, most: number) =>
        `Die Vorlage braucht ${kilobytes} KB; höchstens ${most} KB passen. Bitte kürze sie, oder mach zwei Vorlagen daraus.`,
      noText: "ist kein Text",
      noNumber: "ist keine Zahl",
      noList: "fehlt oder ist keine Liste",
      noObject: "fehlt oder ist kein Objekt mit Feldern",
      noKind: "ist keine Art von Frage",
      noVisibility: "ist nicht private, assigned oder public",
    },
  },
);
