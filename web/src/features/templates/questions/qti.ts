/**
 * Items of QTI 2.1, 2.2 and 3.0, as admin/content/qti.py reads them. https://www.imsglobal.org/question/
 * specifies them.
 */

import {
  type NumberOption,
  type Option,
  acceptedTexts,
  blankMark,
  cloze,
  explained,
  matching,
  numberOf,
  oneChoice,
  ordering,
  selfRated,
  severalChoices,
} from "./fields";
import { type Fields, FileRefused, type Item, type Notes, Refused, readItem } from "./item";
import { fromTree, inOneLine, plainText } from "./markup";
import { attribute, childrenOf, emptied, isElement, normalised, within, words } from "./qti_tree";
import { QtiResponse, hasOwnScoring } from "./qti_response";
import { isQtiItem } from "./xml";

/** The item of an XML file. Throws FileRefused. */
export function readQtiItem(root: Element, at: { line: number; file: string; exercise: string }): Item {
  if (!isQtiItem(root)) throw new FileRefused("no_item", root.localName);
  const item = normalised(root);
  const name = plainText(attribute(item, "title")) || attribute(item, "identifier");
  return readItem({ ...at, name, source: "" }, (notes) => questionOf(item, notes));
}

function questionOf(item: Element, notes: Notes): Fields {
  if (within(item, "templateDeclaration").length) throw new Refused("variables");
  if (within(item, "assessmentStimulusRef").length) throw new Refused("stimulus");
  const [body, ...others] = within(item, "itemBody");
  if (!body || others.length) throw new Refused("not_a_question");
  const found = within(body, "*").filter(({ localName }) => localName.endsWith("Interaction"));
  const [first, ...more] = found;
  if (!first) throw new Refused("not_a_question");
  const [fields, options] = more.length ? clozeOf(item, found, notes) : keyOf(item, first, notes);
  const marks = new Map(found.map((each, n) => [each, more.length ? blankMark(n + 1) : GAP]));
  const prompt = fromTree(asked(body, marks), notes);
  if (!prompt) throw new Refused("empty");
  if (hasOwnScoring(item)) notes.add("scoring");
  const explanation = explanationOf(item, notes);
  const question = explained({ prompt, ...fields }, explanation, options, notes);
  const id = attribute(item, "identifier").trim();
  return id ? { question_id: id, ...question } : question;
}

type Key = [Fields, readonly Option[]];

function keyOf(item: Element, interaction: Element, notes: Notes): Key {
  const read = READERS.get(interaction.localName);
  if (!read) throw new Refused("kind", interaction.localName);
  return read(interaction, QtiResponse.of(item, interaction), notes);
}

const INLINE = ["textEntryInteraction", "inlineChoiceInteraction"];

function clozeOf(item: Element, interactions: readonly Element[], notes: Notes): Key {
  const others = new Set(
    interactions.map(({ localName }) => localName).filter((tag) => !INLINE.includes(tag)),
  );
  if (others.size) throw new Refused("several", [...others].sort().join(", "));
  return [cloze(interactions.map((interaction) => keyOf(item, interaction, notes)[0])), []];
}

const GAP = "_____";
/** Parts of an item that are not for those who answer, or not before they have. */
const HIDDEN = ["rubricBlock", "feedbackBlock", "feedbackInline", "modalFeedback", "stylesheet"];

/** The body with an interaction's own prompt, or its mark, in its place. */
function asked(body: Element, marks: ReadonlyMap<Element, string>): Element {
  const children = [...body.childNodes].flatMap((child): (Node | string)[] => {
    if (!isElement(child)) return [child.textContent ?? ""];
    const mark = marks.get(child);
    if (mark === undefined) return HIDDEN.includes(child.localName) ? [] : [asked(child, marks)];
    const prompts = childrenOf(child, "prompt").map((prompt) => retagged(prompt, "div"));
    return prompts.length ? prompts : INLINE.includes(child.localName) ? [mark] : [];
  });
  const copy = emptied(body);
  const [only, ...more] = children.filter((child) => typeof child !== "string" || child.trim());
  // An answer on a line of its own needs no gap.
  if (only !== GAP || more.length) copy.append(...children);
  return copy;
}

function retagged(element: Element, tag: string): Element {
  const copy = emptied(element, tag);
  copy.append(...[...element.childNodes].map((child) => child.cloneNode(true)));
  return copy;
}

function shown(element: Element, notes: Notes): string {
  const copy = retagged(element, "div");
  for (const hidden of childrenOf(copy, ...HIDDEN)) hidden.remove();
  return inOneLine(fromTree(copy, notes));
}

function choice(interaction: Element, response: QtiResponse, notes: Notes): Key {
  const options = childrenOf(interaction, "simpleChoice", "inlineChoice").map((each) => ({
    text: shown(each, notes),
    percent: response.percent(attribute(each, "identifier")),
    feedback: childrenOf(each, "feedbackInline")
      .map((feedback) => fromTree(feedback, notes))
      .join(""),
  }));
  const fields = (response.cardinality === "single" ? oneChoice : severalChoices)(options, notes);
  const isKept = attribute(interaction, "shuffle") === "false";
  return [isKept ? { ...fields, keep_order: true } : fields, options];
}

function textEntry(_: Element, response: QtiResponse, notes: Notes): Key {
  const options = response.values.map((text) => ({ text, percent: response.percent(text), feedback: "" }));
  if (["float", "integer"].includes(response.baseType)) {
    const numbers = options.map((option): NumberOption => ({ ...option, tolerance: response.tolerance }));
    return [numberOf(numbers, notes), numbers];
  }
  // No value of QTI has wildcards.
  const texts = options.map((option) => ({ ...option, text: option.text.replaceAll("*", "\\*") }));
  return [acceptedTexts(texts, notes), texts];
}

function inOrder(interaction: Element, { correct }: QtiResponse, notes: Notes): Key {
  const texts = textsOf(interaction, "simpleChoice", notes);
  if (correct.length !== texts.size || !isSame(new Set(correct), texts)) throw new Refused("no_key");
  return [ordering(correct.map((value) => texts.get(value) ?? "")), []];
}

/** To each entry of the first set one of the second must belong. */
function match(interaction: Element, { correct }: QtiResponse, notes: Notes): Key {
  const [left, right, ...others] = childrenOf(interaction, "simpleMatchSet").map((set) =>
    textsOf(set, "simpleAssociableChoice", notes),
  );
  if (!left || !right || others.length) throw new Refused("no_key");
  const pairs = correct.map(words).filter(({ length }) => length === 2);
  const matched = new Map(pairs.map(([name = "", other = ""]) => [name, other]));
  if (correct.length !== left.size || !isSame(new Set(matched.keys()), left)) throw new Refused("matches");
  const used = new Set(matched.values());
  if ([...used].some((name) => !right.has(name))) throw new Refused("no_key");
  const unused = [...right].filter(([name]) => !used.has(name)).map(([, text]) => text);
  const found = [...left].map(([name, text]): [string, string] => [
    text,
    right.get(matched.get(name) ?? "") ?? "",
  ]);
  return [matching(found, unused), []];
}

function isSame(names: ReadonlySet<string>, texts: ReadonlyMap<string, string>): boolean {
  return names.size === texts.size && [...names].every((name) => texts.has(name));
}

/** The texts of choices, by their identifiers. */
function textsOf(parent: Element, tag: string, notes: Notes): Map<string, string> {
  return new Map(childrenOf(parent, tag).map((each) => [attribute(each, "identifier"), shown(each, notes)]));
}

/** By interaction. All others are refused by name. */
const READERS: ReadonlyMap<string, (interaction: Element, response: QtiResponse, notes: Notes) => Key> =
  new Map([
    ["choiceInteraction", choice],
    ["inlineChoiceInteraction", choice],
    ["textEntryInteraction", textEntry],
    ["extendedTextInteraction", (_, __, notes) => [selfRated(notes), []]],
    ["orderInteraction", inOrder],
    ["matchInteraction", match],
  ]);

/** The only feedback on the whole item. Several depend on the answer, and are named. */
function explanationOf(item: Element, notes: Notes): string {
  const [first = "", ...more] = within(item, "modalFeedback").map((feedback) => fromTree(feedback, notes));
  if (more.length === 0) return first;
  notes.add("feedback", String(more.length + 1));
  return "";
}
