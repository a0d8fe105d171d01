import { type DocumentSnapshot, type Firestore, type Query, doc, getDoc } from "#firestore";

import { withTextInstants } from "./entries.js";
import { type Page, type PageOptions, buildQuery, readPage } from "./firestore.js";
import type { CallOptions, Functions } from "./functions.js";
import type { AssignedTemplate, CreateTemplate, OwnTemplate, Template, TemplateData, UpdateTemplate } from "./types.js";

/** The user's own templates, all or those of one root goal, or all public ones. */
export type TemplateList = PageOptions & ({ which: "mine"; rootId?: string } | { which: "public"; rootId?: never });

/** Templates: written through the functions, read from Firestore under the security rules. */
export class Templates {
  constructor(
    private readonly functions: Functions,
    private readonly firestore: Firestore,
    private readonly uid: string,
  ) {}

  async create(command: CreateTemplate, options?: CallOptions): Promise<OwnTemplate> {
    const body = await this.functions.call<{ template: OwnTemplate }>({ name: "create_template", body: command }, options);
    return body.template;
  }

  /** `version` is the version that was read; if another is stored, the reason is REVISION_MISMATCH. */
  async update(command: UpdateTemplate, options?: CallOptions): Promise<OwnTemplate> {
    const call = { name: "update_template", method: "PUT", body: command } as const;
    return (await this.functions.call<{ template: OwnTemplate }>(call, options)).template;
  }

  /** Active sessions continue with their copy, and new ones are refused. */
  archive(templateId: string, options?: CallOptions): Promise<void> {
    const path = `?template_id=${encodeURIComponent(templateId)}`;
    return this.functions.call({ name: "delete_template", method: "DELETE", path }, options);
  }

  /** Rejects with Firestore's `permission-denied` where there is none, or none for this user. */
  async read(templateId: string): Promise<Template> {
    return templateOf(await getDoc(doc(this.firestore, "session_templates", templateId)));
  }

  /** The owner's full `template_data`, to be edited; null where the template has all of it. */
  async readSource(templateId: string): Promise<TemplateData | null> {
    const source = await getDoc(doc(this.firestore, "session_templates", templateId, "private", "source"));
    return (source.data()?.["template_data"] as TemplateData | undefined) ?? null;
  }

  /** The uids of the students of an own template. */
  async readStudents(templateId: string): Promise<string[]> {
    // A template that an older version stored has its students itself, until they are moved out. It
    // is read first: after that they are in the other document.
    const template = await getDoc(doc(this.firestore, "session_templates", templateId));
    const assigned = await getDoc(doc(this.firestore, "session_templates", templateId, "private", "assigned"));
    const holder = assigned.exists() ? assigned : template;
    return (holder.data()?.["student_ids"] as string[] | undefined) ?? [];
  }

  /** A page of templates assigned to the user that are not archived, the latest assignment first. */
  async listAssigned({ rootId, ...options }: PageOptions & { rootId?: string } = {}): Promise<Page<AssignedTemplate>> {
    const { firestore, uid: me } = this;
    const assigned =
      rootId === undefined
        ? buildQuery(firestore, "templates assigned to me", { me })
        : buildQuery(firestore, "templates of a root goal assigned to me", { me, root_id: rootId });
    return readPage(assigned, options, (document) => ({
      ...(withTextInstants(document.data()) as Omit<AssignedTemplate, "template_id">),
      template_id: document.id,
    }));
  }

  /** A page of templates that are not archived, the latest change first. */
  async list({ which, rootId, ...options }: TemplateList): Promise<Page<Template>> {
    return readPage(this.listed(which, rootId), options, templateOf);
  }

  private listed(which: TemplateList["which"], rootId: string | undefined): Query {
    const { firestore, uid: me } = this;
    if (which === "public") return buildQuery(firestore, "public templates", {});
    if (rootId === undefined) return buildQuery(firestore, "my templates", { me });
    return buildQuery(firestore, "my templates of a root goal", { me, root_id: rootId });
  }
}

function templateOf(document: DocumentSnapshot): Template {
  return { ...withTextInstants(document.data() ?? {}), template_id: document.id } as Template;
}
