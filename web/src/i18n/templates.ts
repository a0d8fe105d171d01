import { counted, defineMessages } from ".";

/** The lists of templates, and a template to look at. */
export const templates = defineMessages(
  {
    title: "Templates",
    template: "Template",
    which: "Which templates",
    mine: "My templates",
    assigned: "Assigned to me",
    public: "Public",
    write: "New template",
    writeFirst: "Write a template",
    toPublic: "See public templates",
    noneOwn:
      "You have no template yet. A template says what to practise: sections with minutes, exercises, and questions if you like.",
    noneAssigned:
      "No teacher has assigned anything to you yet. You can practise public templates, or write your own.",
    nonePublic: "There is no public template yet. A teacher can make one public under “More details”.",
    moreOf: (name: string) => `More for ${name}`,
    edit: "Edit",
    duplicate: "Duplicate",
    copyToOwn: "Copy to my templates",
    archive: "Archive",
    archiveTitle: (name: string) => `Archive ${name}?`,
    archiveText:
      "Nobody can begin new practice with it, and it leaves the lists. Sessions that are under way go on, and what was practised stays. This cannot be undone, but you can copy it.",
    archived: (name: string) => `${name} is archived.`,
    changed: (when: string) => `Changed ${when}`,
    assignedAt: (when: string) => `Assigned ${when}`,
    isPublic: "Public",
    isAssigned: "Assigned",
    exercises: (count: number) => counted("en", count, "exercise", "exercises"),
    questions: (count: number) => counted("en", count, "question", "questions"),
    isArchived: "This template was archived, so no new practice begins with it.",
    isArchivedOwn:
      "You have archived this template, so no new practice begins with it. A copy can be changed and practised.",
  },
  {
    de: {
      title: "Vorlagen",
      template: "Vorlage",
      which: "Welche Vorlagen",
      mine: "Meine Vorlagen",
      assigned: "Mir zugewiesen",
      public: "Öffentlich",
      write: "Neue Vorlage",
      writeFirst: "Vorlage schreiben",
      toPublic: "Öffentliche Vorlagen ansehen",
      noneOwn:
        "Du hast noch keine Vorlage. Eine Vorlage sagt, was zu üben ist: Abschnitte mit Minuten, Übungen und, wenn du magst, Fragen.",
      noneAssigned:
        "Noch hat dir niemand etwas zugewiesen. Du kannst öffentliche Vorlagen üben oder eigene schreiben.",
      nonePublic:
        "Es gibt noch keine öffentliche Vorlage. Lehrkräfte können eine Vorlage unter „Weitere Angaben“ für alle öffnen.",
      moreOf: (name: string) => `Mehr zu ${name}`,
      edit: "Bearbeiten",
      duplicate: "Duplizieren",
      copyToOwn: "Zu meinen Vorlagen kopieren",
      archive: "Archivieren",
      archiveTitle: (name: string) => `${name} archivieren?`,
      archiveText:
        "Damit beginnt keine neue Übung mehr, und die Vorlage verschwindet aus den Listen. Laufende Sitzungen gehen weiter, und was geübt wurde, bleibt. Das lässt sich nicht rückgängig machen, aber du kannst sie kopieren.",
      archived: (name: string) => `${name} ist archiviert.`,
      changed: (when: string) => `Geändert ${when}`,
      assignedAt: (when: string) => `Zugewiesen ${when}`,
      isPublic: "Öffentlich",
      isAssigned: "Zugewiesen",
      exercises: (count: number) => counted("de", count, "Übung", "Übungen"),
      questions: (count: number) => counted("de", count, "Frage", "Fragen"),
      isArchived: "Diese Vorlage ist archiviert; damit beginnt keine neue Übung.",
      isArchivedOwn:
        "Du hast diese Vorlage archiviert; damit beginnt keine neue Übung. Eine Kopie lässt sich ändern und üben.",
    },
  },
);
