/** Packages of QTI: items with a manifest, in a zip archive. */

import { FileRefused, type Item, Refused, readItem } from "./item";
import { plainText } from "./markup";
import { Package } from "./package";
import { readQtiItem } from "./qti";
import { attribute, childrenOf, normalised, within } from "./qti_tree";
import { parseXml } from "./xml";

const MANIFEST = "imsmanifest.xml";
const ITEM_TYPE = /^(?:imsqti_item_xmlv(?:2p[12]|3p0)|imsqti_apipitem_.*)$/;
const TEST_TYPE = /^imsqti_(?:test|assessment)_xmlv(?:2p[12]|3p0)$/;

/** One of the manifest: the file that it is, and its address there. */
interface Resource {
  readonly type: string;
  readonly name: string | null;
  readonly href: string;
}

/** The items of a package, in the order of its test or manifest. Throws FileRefused. */
export async function readPackage(bytes: Uint8Array): Promise<Item[]> {
  const archive = new Package(bytes);
  const resources = await resourcesOf(archive);
  const sections = await sectionsOf(archive, resources);
  const items = resources.filter(({ type }) => ITEM_TYPE.test(type));
  const named = new Set(items.flatMap(({ name }) => name ?? []));
  const known = [...sections.keys()].filter((name) => named.has(name));
  const read = resources.flatMap((resource) => refusedOf(resource) ?? []);
  for (const name of new Set([...known, ...named]))
    read.push(await itemOf(archive, name, sections.get(name) ?? ""));
  return read.map((item, index) => ({ ...item, line: index + 1 }));
}

/** Of a package without a manifest its items alone. */
async function resourcesOf(archive: Package): Promise<Resource[]> {
  const manifest = archive.names.find((name) => name.split("/").at(-1) === MANIFEST);
  if (manifest === undefined) {
    const names = archive.names.filter((name) => /\.xml$/i.test(name));
    if (names.length === 0) throw new FileRefused("no_items");
    return names.map((name) => ({ type: "imsqti_item_xmlv2p1", name, href: name }));
  }
  const root = await rootOf(archive, manifest);
  return within(root, "resource").map((resource) => {
    const href = attribute(resource, "href");
    const name = href ? archive.resolve(href, manifest) : null;
    return { type: attribute(resource, "type"), name, href };
  });
}

async function rootOf(archive: Package, name: string): Promise<Element> {
  return normalised(parseXml(await archive.read(name)).root);
}

/** The titles of sections, by the items that the tests ask in them, in their order. */
async function sectionsOf(archive: Package, resources: readonly Resource[]): Promise<Map<string, string>> {
  const sections = new Map<string, string>();
  for (const { type, name } of resources) {
    if (!TEST_TYPE.test(type) || name === null) continue;
    for (const section of within(await rootOf(archive, name), "assessmentSection"))
      for (const reference of childrenOf(section, "assessmentItemRef")) {
        const item = archive.resolve(attribute(reference, "href"), name);
        if (item !== null && !sections.has(item)) sections.set(item, plainText(attribute(section, "title")));
      }
  }
  return sections;
}

/** A resource that is not there, or of another version. */
function refusedOf({ type, name, href }: Resource): Item | null {
  const isItem = ITEM_TYPE.test(type);
  if (isItem ? name !== null : TEST_TYPE.test(type) || !type.startsWith("imsqti")) return null;
  return refused(href, "", isItem ? new Refused("missing", href) : new Refused("version", type));
}

/** The item of a file; one that can't be read is refused, and the others are read on. */
async function itemOf(archive: Package, name: string, exercise: string): Promise<Item> {
  try {
    return readQtiItem(parseXml(await archive.read(name)).root, { line: 0, file: name, exercise });
  } catch (error) {
    if (!(error instanceof FileRefused)) throw error;
    return refused(name, exercise, error);
  }
}

function refused(file: string, exercise: string, reason: Refused): Item {
  return readItem({ line: 0, file, exercise, name: file, source: "" }, () => {
    throw reason;
  });
}
