"""Moodle XML: https://docs.moodle.org/en/Moodle_XML_format."""

import re
from collections.abc import Callable, Iterator, Mapping

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
    true_false,
)
from admin.content.gift import category
from admin.content.items import FileRefused, Item, ItemRefused, Notes, read_item
from admin.content.markup import (
    from_html,
    from_plain,
    from_unmarked,
    in_one_line,
    plain_text,
)
from admin.content.tree import Element
from admin.content.xml_tree import parse_xml


def read(data: bytes) -> Iterator[Item]:
    """The questions of a file. Raises FileRefused."""
    root = parse_xml(data)
    if root.tag == "questestinterop":
        raise FileRefused("This is QTI 1.2, which is not read. Export QTI 2.1, 2.2 or 3.0.")
    if root.tag != "quiz":
        raise FileRefused(f"The XML is of a kind that is not read: <{root.tag}>.")
    exercise = ""
    for question in root.elements():
        if question.tag != "question":
            continue
        if question.attributes.get("type") == "category":
            exercise = category(plain_text(_text(question, "category")))
            continue
        name = plain_text(_text(question, "name"))
        yield read_item(f"line {question.line}", exercise, _reader(question), name=name)


def _reader(question: Element) -> Callable[[Notes], Fields]:
    def read_question(notes: Notes) -> Fields:
        kind = question.attributes.get("type", "?")
        key = READERS.get(kind)
        if key is None:
            raise (
                ItemRefused("not_a_question")
                if kind == "description"
                else ItemRefused("kind", kind)
            )
        fields, options = key(question, notes)
        # The text of some types holds their key, so that they make the prompt of it.
        prompt = fields.get("prompt") or _marked(_one(question, "questiontext"), notes)
        if not prompt:
            raise ItemRefused("empty")
        explanation = _marked(_one(question, "generalfeedback"), notes)
        found = explained({"prompt": prompt, **fields}, explanation, options, notes)
        if hints := [text for hint in _all(question, "hint") if (text := _marked(hint, notes))]:
            found["hints"] = hints
        for tags in _all(question, "tags"):
            for tag in _all(tags, "tag"):
                notes.add("tags", plain_text(_text_of(tag)))
        number_ = _text_of(_one(question, "idnumber"))
        return {**({"question_id": number_} if number_ else {}), **found}

    return read_question


Key = tuple[Fields, list[Option] | list[NumberOption]]


def _multichoice(question: Element, notes: Notes) -> Key:
    options = _options(question, notes, is_shown=True)
    is_single = _text_of(_one(question, "single")).lower() not in ("false", "0")
    fields = (one_choice if is_single else several_choices)(options, notes)
    if _text_of(_one(question, "shuffleanswers")).lower() in ("false", "0"):
        fields["keep_order"] = True
    return fields, options


def _truefalse(question: Element, notes: Notes) -> Key:
    options = _options(question, notes, is_shown=False)
    right = [option.text.lower() for option in options if option.percent >= 100]
    if right not in (["true"], ["false"]):
        raise ItemRefused("no_key")
    return true_false(is_true=right == ["true"]), options


def _shortanswer(question: Element, notes: Notes) -> Key:
    if _text_of(_one(question, "usecase")) == "1":
        notes.add("case")
    options = _options(question, notes, is_shown=False)
    return accepted_texts(options, notes), options


def _numerical(question: Element, notes: Notes) -> Key:
    numbers = [
        NumberOption(
            option.text, _text_of(_one(answer, "tolerance")), option.percent, option.feedback
        )
        for answer, option in zip(
            _all(question, "answer"), _options(question, notes, is_shown=False), strict=True
        )
    ]
    return number(numbers, notes, unit=_unit(question, notes)), numbers


def _unit(question: Element, notes: Notes) -> str:
    """The unit in which the answers are; further ones would need a factor."""
    units = [unit for parent in _all(question, "units") for unit in _all(parent, "unit")]
    named = [
        (_text_of(_one(unit, "unit_name")), _text_of(_one(unit, "multiplier"))) for unit in units
    ]
    own = [name for name, factor in named if name and factor in ("", "1", "1.0", "1.0000000")]
    if len(named) > 1:
        notes.add("unit_rules", own[0] if own else "none")
    return own[0] if own else ""


def _essay(question: Element, notes: Notes) -> Key:
    graders = _marked(_one(question, "graderinfo"), notes)
    fields = self_rated(notes)
    return ({**fields, "explanation": graders} if graders else fields), []


def _matching(question: Element, notes: Notes) -> Key:
    pairs = [
        (in_one_line(_marked(sub, notes)), in_one_line(_text_of(_one(sub, "answer"))))
        for sub in _all(question, "subquestion")
    ]
    if not any(left for left, _ in pairs):
        raise ItemRefused("no_key")
    others = [right for left, right in pairs if not left and right]
    return matching([pair for pair in pairs if pair[0]], others), []


def _ordering(question: Element, notes: Notes) -> Key:
    """The fraction of an answer is its place."""
    options = sorted(_options(question, notes, is_shown=True), key=lambda option: option.percent)
    return ordering([option.text for option in options]), []


EMBEDDED = re.compile(r"\{\d*:([A-Z_]+):((?:\\.|[^}\\])*)\}")
SHORT_ANSWERS = frozenset({"SHORTANSWER", "SA", "MW", "SHORTANSWER_C", "SAC", "MWC"})
NUMBERS = frozenset({"NUMERICAL", "NM"})
CHOICES = re.compile(r"MULTICHOICE(?:_[VH]?S?)?|MC[VH]?S?")


def _embedded(question: Element, notes: Notes) -> Key:
    text = _one(question, "questiontext")
    blanks: list[Fields] = []

    def mark(found: re.Match[str]) -> str:
        blanks.append(_blank(found[1], found[2], notes))
        return blank_mark(len(blanks))

    prompt = EMBEDDED.sub(mark, _text_of(text))
    if not blanks:
        raise ItemRefused("not_a_question")
    return {**cloze(blanks), "prompt": _written(prompt, text, notes)}, []


def _blank(kind: str, answers: str, notes: Notes) -> Fields:
    options = list(_embedded_options(answers, notes))
    if kind in SHORT_ANSWERS:
        if kind.endswith("C"):
            notes.add("case")
        return accepted_texts(options, notes)
    if kind in NUMBERS:
        pairs = [(option.text.partition(":"), option) for option in options]
        return number(
            [NumberOption(v, tolerance, o.percent) for (v, _, tolerance), o in pairs], notes
        )
    if CHOICES.fullmatch(kind):
        return one_choice(options, notes)
    raise ItemRefused("kind", f"cloze with {kind}")


def _embedded_options(answers: str, notes: Notes) -> Iterator[Option]:
    for entry in re.split(r"(?<!\\)~", answers):
        found = re.match(r"\s*(?:(=)|%(-?[0-9.]+)%)?", entry)
        sign, percent = found.groups() if found else (None, None)
        body = entry[found.end() :] if found else entry
        text, *feedback = re.split(r"(?<!\\)#", body, maxsplit=1)
        if any(feedback):
            notes.add("feedback", "1")
        plain = plain_text(re.sub(r"\\([~=#}{\\\"/])", r"\1", text))
        yield Option(plain, 100.0 if sign else _percent(percent or "0"))


# By type of question in Moodle. All others are refused by name.
READERS: Mapping[str, Callable[[Element, Notes], Key]] = {
    "multichoice": _multichoice,
    "truefalse": _truefalse,
    "shortanswer": _shortanswer,
    "numerical": _numerical,
    "essay": _essay,
    "matching": _matching,
    "ordering": _ordering,
    "cloze": _embedded,
}


def _options(question: Element, notes: Notes, *, is_shown: bool) -> list[Option]:
    return [_option(answer, notes, is_shown=is_shown) for answer in _all(question, "answer")]


def _option(answer: Element, notes: Notes, *, is_shown: bool) -> Option:
    percent = _percent(answer.attributes.get("fraction", "0"))
    text = in_one_line(_marked(answer, notes)) if is_shown else _text(answer)
    return Option(text, percent, _marked(_one(answer, "feedback"), notes))


def _percent(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise ItemRefused("no_number", text) from None


FORMATS: Mapping[str, Callable[[str, Notes], str]] = {
    "html": from_html,
    "moodle_auto_format": from_unmarked,
    "plain_text": lambda text, _: from_plain(text),
    "markdown": lambda text, _: text.strip(),
}


def _marked(parent: Element | None, notes: Notes) -> str:
    """The Markdown of a text in the format that its element names."""
    if parent is None:
        return ""
    return _written(_text(parent), parent, notes)


def _written(text: str, parent: Element | None, notes: Notes) -> str:
    name = parent.attributes.get("format", "html") if parent else "html"
    return FORMATS.get(name, from_unmarked)(text, notes)


def _one(parent: Element, tag: str) -> Element | None:
    return next((child for child in parent.elements() if child.tag == tag), None)


def _all(parent: Element, tag: str) -> list[Element]:
    return [child for child in parent.elements() if child.tag == tag]


def _text_of(element: Element | None) -> str:
    """The text of an element, which may be in a `text` of its own."""
    return "" if element is None else _text(element)


def _text(element: Element, tag: str = "") -> str:
    if tag:
        return _text_of(_one(element, tag))
    inner = _one(element, "text")
    return re.sub(r"^\s+|\s+$", "", (inner or element).text)
