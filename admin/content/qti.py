"""QTI 2.1, 2.2 and 3.0: items by themselves, and packages with a manifest.

https://www.imsglobal.org/question/ specifies them. The elements of 3.0 are those of 2.x under other
names: `qti-choice-interaction` is `choiceInteraction`.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from admin.content.fields import (
    Fields,
    NumberOption,
    Option,
    accepted_texts,
    blank_mark,
    cloze,
    explained,
    matching,
    number,
    one_choice,
    ordering,
    self_rated,
    several_choices,
)
from admin.content.items import FileRefused, Item, ItemRefused, Notes, read_item
from admin.content.markup import from_tree, in_one_line, plain_text
from admin.content.package import Package
from admin.content.tree import Element
from admin.content.xml_tree import parse_xml

MANIFEST = "imsmanifest.xml"
ITEM_TYPE = re.compile(r"imsqti_item_xmlv(?:2p[12]|3p0)|imsqti_apipitem_.*")
TEST_TYPE = re.compile(r"imsqti_(?:test|assessment)_xmlv(?:2p[12]|3p0)")
READ_VERSIONS = "QTI 2.1, 2.2 and 3.0 are read"


def read_package(data: bytes) -> Iterator[Item]:
    """The items of a package, in the order of its test or manifest. Raises FileRefused."""
    package = Package(data)
    sections: dict[str, str] = {}
    items: list[str] = []
    others: list[tuple[str, str]] = []
    for kind, name, href in _resources(package):
        if TEST_TYPE.fullmatch(kind) and name:
            for place, title in _test_items(package, name):
                sections.setdefault(place, title)
        elif not ITEM_TYPE.fullmatch(kind):
            if kind.startswith("imsqti") and not TEST_TYPE.fullmatch(kind):
                others.append((href, kind))
        elif name is None:
            others.append((href, ""))
        else:
            items.append(name)
    for href, kind in others:
        yield read_item(href, "", _refused(href, kind), name=href)
    order = {name: n for n, name in enumerate(sections)}
    for name in sorted(dict.fromkeys(items), key=lambda name: order.get(name, len(order))):
        yield from _read_member(package, name, sections.get(name, ""))


def _refused(href: str, kind: str) -> Callable[[Notes], Fields]:
    def refuse(_: Notes) -> Fields:
        raise (ItemRefused("version", kind) if kind else ItemRefused("missing", href))

    return refuse


def _resources(package: Package) -> Iterator[tuple[str, str | None, str]]:
    """Of each resource its type, the member that it is, and its address in the manifest.

    A package without a manifest has its items alone.
    """
    manifest = next((n for n in package.names if n.rpartition("/")[2] == MANIFEST), None)
    if manifest is None:
        items = [name for name in package.names if name.lower().endswith(".xml")]
        if not items:
            raise FileRefused(f"The package has neither {MANIFEST} nor another XML file.")
        for name in items:
            yield "imsqti_item_xmlv2p1", name, name
        return
    for resource in _all(parse_xml(package.read(manifest)), "resource"):
        href = resource.attributes.get("href", "")
        yield (
            resource.attributes.get("type", ""),
            package.resolve(href, base=manifest) if href else None,
            href,
        )


def _test_items(package: Package, name: str) -> Iterator[tuple[str, str]]:
    """The members that the test asks, each with the title of its section."""
    test = normalised(parse_xml(package.read(name)))
    for section in _all(test, "assessmentSection"):
        title = plain_text(section.attributes.get("title", ""))
        for reference in section.elements():
            if reference.tag == "assessmentItemRef":
                place = package.resolve(reference.attributes.get("href", ""), base=name)
                if place is not None:
                    yield place, title


def _read_member(package: Package, name: str, exercise: str) -> Iterator[Item]:
    """The item of a file; one that can't be read is refused, and the others are read on."""
    try:
        yield from read(package.read(name), place=name, exercise=exercise)
    except FileRefused as refusal:
        message = str(refusal)

        def refuse(_: Notes) -> Fields:
            raise ItemRefused("unreadable", message)

        yield read_item(name, exercise, refuse, name=name)


def is_item(root: Element) -> bool:
    return root.tag in ("assessmentItem", "qti-assessment-item")


def read(data: bytes, *, place: str, exercise: str = "") -> Iterator[Item]:
    """The item of an XML file. Raises FileRefused."""
    root = parse_xml(data)
    if not is_item(root):
        raise FileRefused(f"<{root.tag}> is no QTI item; {READ_VERSIONS}.")
    item = normalised(root)
    name = plain_text(item.attributes.get("title", "")) or item.attributes.get("identifier", "")
    yield read_item(place, exercise, lambda notes: _question(item, notes), name=name)


def normalised(element: Element) -> Element:
    """The element with the names of QTI 2.x."""
    is_new = element.tag.startswith("qti-")
    return Element(
        _camel(element.tag.removeprefix("qti-")) if is_new else element.tag,
        {_camel(name) if is_new else name: value for name, value in element.attributes.items()},
        [c if isinstance(c, str) else normalised(c) for c in element.children],
        element.line,
    )


def _camel(name: str) -> str:
    return re.sub("-([a-z])", lambda found: found[1].upper(), name)


def _question(item: Element, notes: Notes) -> Fields:
    if _all(item, "templateDeclaration"):
        raise ItemRefused("variables")
    if _all(item, "assessmentStimulusRef"):
        raise ItemRefused("stimulus")
    bodies = _all(item, "itemBody")
    if len(bodies) != 1:
        raise ItemRefused("not_a_question")
    found = [e for e in _descendants(bodies[0]) if e.tag.endswith("Interaction")]
    if not found:
        raise ItemRefused("not_a_question")
    fields, options = _cloze(item, found, notes) if len(found) > 1 else _key(item, found[0], notes)
    marks = [blank_mark(n) for n in range(1, len(found) + 1)] if len(found) > 1 else ["_____"]
    prompt = from_tree(_asked(bodies[0], dict(zip(map(id, found), marks, strict=True))), notes)
    if not prompt:
        raise ItemRefused("empty")
    if _has_own_scoring(item):
        notes.add("scoring")
    explanation = _explanation(item, notes)
    fields = explained({"prompt": prompt, **fields}, explanation, options, notes)
    identifier = item.attributes.get("identifier", "").strip()
    return {**({"question_id": identifier} if identifier else {}), **fields}


def _key(item: Element, interaction: Element, notes: Notes) -> "Key":
    read = READERS.get(interaction.tag)
    if read is None:
        raise ItemRefused("kind", interaction.tag)
    return read(interaction, _Response.of(item, interaction), notes)


def _cloze(item: Element, interactions: Sequence[Element], notes: Notes) -> "Key":
    if others := {e.tag for e in interactions} - INLINE:
        raise ItemRefused("several", ", ".join(sorted(others)))
    return cloze([_key(item, interaction, notes)[0] for interaction in interactions]), []


# Parts of an item that are not for those who answer, or not before they have.
HIDDEN = frozenset(
    {"rubricBlock", "feedbackBlock", "feedbackInline", "modalFeedback", "stylesheet"}
)
INLINE = frozenset({"textEntryInteraction", "inlineChoiceInteraction"})


def _asked(body: Element, marks: Mapping[int, str]) -> Element:
    """The body with an interaction's own prompt, or its mark, in its place.

    `marks` are by the identity of the element.
    """
    children: list[Element | str] = []
    for child in body.children:
        if isinstance(child, str):
            children.append(child)
        elif id(child) in marks:
            gap: list[Element | str] = [marks[id(child)] if child.tag in INLINE else ""]
            prompts = [replace(e, tag="div") for e in child.elements() if e.tag == "prompt"]
            children += prompts or gap
        elif child.tag not in HIDDEN:
            children.append(_asked(child, marks))
    # An answer on a line of its own needs no gap.
    only = [c for c in children if not isinstance(c, str) or c.strip()]
    return replace(body, children=[] if only == ["_____"] else children)


class _Response:
    """What a response declaration says is right."""

    def __init__(self, declaration: Element, item: Element) -> None:
        self.cardinality = declaration.attributes.get("cardinality", "single")
        self.base_type = declaration.attributes.get("baseType", "identifier")
        correct = [e for e in declaration.elements() if e.tag == "correctResponse"]
        self.correct = [v.text.strip() for e in correct for v in _all(e, "value")]
        self.points = {
            entry.attributes.get("mapKey", ""): _float(entry.attributes.get("mappedValue", "0"))
            for entry in _all(declaration, "mapEntry")
        }
        self.tolerance = _tolerance(item)

    @classmethod
    def of(cls, item: Element, interaction: Element) -> "_Response":
        """Raises ItemRefused for an interaction without a declaration."""
        name = interaction.attributes.get("responseIdentifier", "")
        for declaration in _all(item, "responseDeclaration"):
            if declaration.attributes.get("identifier") == name:
                return cls(declaration, item)
        raise ItemRefused("undeclared", name or "?")

    def percent(self, value: str) -> float:
        """100 for a right value, less for one that earns a part of the points."""
        best = max(self.points.values(), default=0)
        if value in self.correct:
            return 100.0
        return 100 * max(0.0, self.points.get(value, 0)) / best if best > 0 else 0.0

    @property
    def values(self) -> list[str]:
        """All values that it names, the right ones first."""
        return list(dict.fromkeys([*self.correct, *self.points]))


Key = tuple[Fields, list[Option] | list[NumberOption]]


def _choice(interaction: Element, response: _Response, notes: Notes) -> Key:
    options = [
        Option(
            in_one_line(from_tree(_shown(choice), notes)),
            response.percent(choice.attributes.get("identifier", "")),
            "".join(from_tree(e, notes) for e in choice.elements() if e.tag == "feedbackInline"),
        )
        for choice in interaction.elements()
        if choice.tag in ("simpleChoice", "inlineChoice")
    ]
    is_single = response.cardinality == "single"
    fields = (one_choice if is_single else several_choices)(options, notes)
    if interaction.attributes.get("shuffle") == "false":
        fields["keep_order"] = True
    return fields, options


def _shown(element: Element) -> Element:
    children = [c for c in element.children if isinstance(c, str) or c.tag not in HIDDEN]
    return replace(element, tag="", children=children)


def _text_entry(_: Element, response: _Response, notes: Notes) -> Key:
    if response.base_type in ("float", "integer"):
        numbers = [
            NumberOption(value, response.tolerance, response.percent(value))
            for value in response.values
        ]
        return number(numbers, notes), numbers
    # No value of QTI has wildcards.
    options = [
        Option(value.replace("*", "\\*"), response.percent(value)) for value in response.values
    ]
    return accepted_texts(options, notes), options


def _extended_text(_: Element, __: _Response, notes: Notes) -> Key:
    return self_rated(notes), []


def _ordering(interaction: Element, response: _Response, notes: Notes) -> Key:
    texts = _texts(interaction, "simpleChoice", notes)
    if len(response.correct) != len(texts) or set(response.correct) != texts.keys():
        raise ItemRefused("no_key")
    return ordering([texts[value] for value in response.correct]), []


def _matching(interaction: Element, response: _Response, notes: Notes) -> Key:
    """To each entry of the first set one of the second must belong."""
    sets = [e for e in interaction.elements() if e.tag == "simpleMatchSet"]
    if len(sets) != 2:
        raise ItemRefused("no_key")
    left, right = (_texts(e, "simpleAssociableChoice", notes) for e in sets)
    matched = dict(pair for value in response.correct if len(pair := value.split()) == 2)
    if len(response.correct) != len(left) or matched.keys() != left.keys():
        raise ItemRefused("matches")
    if not set(matched.values()) <= right.keys():
        raise ItemRefused("no_key")
    pairs = [(text, right[matched[name]]) for name, text in left.items()]
    return matching(pairs, [t for name, t in right.items() if name not in matched.values()]), []


def _texts(parent: Element, tag: str, notes: Notes) -> dict[str, str]:
    return {
        choice.attributes.get("identifier", ""): in_one_line(from_tree(_shown(choice), notes))
        for choice in parent.elements()
        if choice.tag == tag
    }


# By interaction. All others are refused by name.
READERS: Mapping[str, Callable[[Element, _Response, Notes], Key]] = {
    "choiceInteraction": _choice,
    "inlineChoiceInteraction": _choice,
    "textEntryInteraction": _text_entry,
    "extendedTextInteraction": _extended_text,
    "orderInteraction": _ordering,
    "matchInteraction": _matching,
}


def _explanation(item: Element, notes: Notes) -> str:
    """The only feedback on the whole item. Several depend on the answer, and are named."""
    shown = [from_tree(e, notes) for e in _all(item, "modalFeedback")]
    if len(shown) > 1:
        notes.add("feedback", str(len(shown)))
    return shown[0] if len(shown) == 1 else ""


STANDARD = re.compile(r".*/(?:match_correct|map_response|map_response_point|CC2_\w+)(?:\.xml)?")


def _has_own_scoring(item: Element) -> bool:
    """Whether rules beyond a comparison with what is correct compute the score."""
    return any(
        e.tag in ("responseCondition", "setOutcomeValue")
        and any(inner.tag in ARITHMETIC for inner in _descendants(e))
        for processing in _all(item, "responseProcessing")
        for e in _descendants(processing)
        if not STANDARD.fullmatch(processing.attributes.get("template", ""))
    )


_ARITHMETIC = (
    "sum product subtract divide power customOperator patternMatch stringMatch substring "
    "inside lt gt lte gte durationLT durationGTE random"
)
ARITHMETIC = frozenset(_ARITHMETIC.split())


def _tolerance(item: Element) -> str:
    """The absolute tolerance with which the rules compare numbers."""
    for equal in _all(item, "equal"):
        if equal.attributes.get("toleranceMode") == "absolute":
            return (equal.attributes.get("tolerance", "").split() or [""])[0]
    return ""


def _float(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return 0.0


def _all(element: Element, tag: str) -> list[Element]:
    return [e for e in _descendants(element) if e.tag == tag]


def _descendants(element: Element) -> Iterator[Element]:
    for child in element.elements():
        yield child
        yield from _descendants(child)
