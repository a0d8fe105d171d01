/** The elements of QTI 2.x, from those of 2.x or 3.0: `qti-choice-interaction` is `choiceInteraction`. */

const XMLNS = "http://www.w3.org/2000/xmlns/";

/** A tree of its own, with the names of QTI 2.x, and without namespaces, comments and instructions. */
export function normalised(element: Element): Element {
  return copyOf(element, document.implementation.createDocument(null, null));
}

/** An element with the same name and attributes, and nothing in it. */
export function emptied(element: Element, tag = element.localName): Element {
  const copy = element.ownerDocument.createElementNS(null, tag);
  for (const { name, value } of element.attributes) copy.setAttribute(name, value);
  return copy;
}

function copyOf(element: Element, owner: Document): Element {
  const { localName } = element;
  const isNew = localName.startsWith("qti-");
  const copy = owner.createElementNS(null, isNew ? camel(localName.slice(4)) : localName);
  for (const { localName: name, namespaceURI, value } of element.attributes)
    if (namespaceURI !== XMLNS) copy.setAttribute(isNew ? camel(name) : name, value);
  let text = "";
  const write = () => {
    if (text) copy.append(text);
    text = "";
  };
  for (const child of element.childNodes) {
    if (isElement(child)) {
      write();
      copy.append(copyOf(child, owner));
    } else if (isText(child)) text += child.textContent ?? "";
  }
  write();
  return copy;
}

function camel(name: string): string {
  return name.replaceAll(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

export function isElement(node: Node): node is Element {
  return node.nodeType === Node.ELEMENT_NODE;
}

function isText(node: Node): boolean {
  return node.nodeType === Node.TEXT_NODE || node.nodeType === Node.CDATA_SECTION_NODE;
}

export function attribute(element: Element, name: string): string {
  return element.getAttribute(name) ?? "";
}

export function within(element: Element, tag: string): Element[] {
  return [...element.getElementsByTagName(tag)];
}

export function childrenOf(element: Element, ...tags: readonly string[]): Element[] {
  return [...element.children].filter(({ localName }) => tags.includes(localName));
}

export function words(text: string): string[] {
  return text.split(/\s+/).filter(Boolean);
}
