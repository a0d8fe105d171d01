"""Questions in a spreadsheet: one a line, in the columns that the template builder reads as well.

Several values in a cell are separated by `|`, and `\\|` is the character itself. The web app reads
the same files, in web/src/features/templates/model/csv.ts.
"""

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from admin.content.csv_blanks import OF_MATHEMATICS, read_blanks, write_blanks
from admin.content.fields import Fields, choice_id
from admin.content.items import FileRefused, Item, ItemRefused, Notes, read_item
from admin.content.written import LEFT_OUT, Written

COLUMNS = (
    "kind",
    "exercise",
    "prompt",
    "choices",
    "answer",
    "hints",
    "explanation",
    "difficulty",
    "tolerance",
    "unit",
    "decimal_mark",
    "form",
    "ignores",
    "spelling_retry",
    "keep_order",
    "question_id",
    "image_url",
    "image_alt",
)
DELIMITERS = ",;\t"
MAX_CELL_CHARACTERS = 100_000
# Spreadsheets take UTF-8 for what it is only behind this mark.
BYTE_ORDER_MARK = "\ufeff"
Cell = Callable[[str], str]


def read(text: str) -> Iterator[Item]:
    """The questions of the lines. Raises FileRefused for a file without the columns."""
    rows = _rows(text)
    line, head = next(rows, (1, []))
    names = [name.strip().lower() for name in head]
    for needed in ("kind", "prompt"):
        if needed not in names:
            raise FileRefused(f"The file has no column {needed} in its first line.")
    for name in names:
        if name and name not in COLUMNS:
            yield read_item(f"line {line}", "", _refusal("column", name), name=name)
    exercise = ""
    for line, row in rows:
        cells = {name: _plain(cell) for name, cell in zip(names, row, strict=False) if name}
        exercise = cells.get("exercise", "") or exercise
        yield read_item(
            f"line {line}", exercise, _reader(cells), name=cells.get("prompt", "") or "?"
        )


def _refusal(code: str, detail: str) -> Callable[[Notes], Fields]:
    def refuse(_: Notes) -> Fields:
        raise ItemRefused(code, detail)

    return refuse


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """The rows that are not empty, each with the number of the line where it begins."""
    plain = text.removeprefix(BYTE_ORDER_MARK)
    head = plain.lstrip().split("\n", 1)[0]
    delimiter = max(DELIMITERS, key=head.count)
    csv.field_size_limit(MAX_CELL_CHARACTERS)
    reader = csv.reader(io.StringIO(plain, newline=""), delimiter=delimiter)
    begin = 1
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                yield begin, row
            begin = reader.line_num + 1
    except csv.Error as error:
        raise FileRefused(f"Line {begin} can't be read: {error}.") from error


# What a spreadsheet may take for a formula; the gradebook of the web app has the same rule.
FORMULA = re.compile(r"\s*[=+\-@\uff1d\uff0b\uff0d\uff20]|[\x00-\x1f]")
NUMBER = re.compile(r"[-+]?[0-9][0-9.,]*(?:[eE][-+]?[0-9]+)?")


def _plain(cell: str) -> str:
    """The cell without the quote that keeps a spreadsheet from taking it for a formula."""
    text = cell.strip()
    return text[1:] if text[:1] == "'" and FORMULA.match(text.lstrip("'")) else text


def _neutral(text: str) -> str:
    """The cell with such a quote, where one is needed or would be taken off."""
    is_formula = FORMULA.match(text.lstrip("'")) and not NUMBER.fullmatch(text)
    return f"'{text}" if is_formula else text


def _reader(cells: Mapping[str, str]) -> Callable[[Notes], Fields]:
    def cell(name: str) -> str:
        return cells.get(name, "")

    def question(_: Notes) -> Fields:
        kind = re.sub(r"[\s-]+", "_", cell("kind").lower())
        key = READERS.get(kind)
        if key is None:
            raise ItemRefused("kind", cell("kind") or "?")
        fields: Fields = {
            "question_id": cell("question_id"),
            "kind": kind,
            "prompt": cell("prompt"),
        }
        fields |= key(cell)
        fields |= {"hints": entries(cell("hints")), "explanation": cell("explanation")}
        if level := cell("difficulty"):
            fields["difficulty"] = _number(level)
        if cell("image_url") or cell("image_alt"):
            fields["image"] = {"url": cell("image_url"), "alt": cell("image_alt")}
        return {name: value for name, value in fields.items() if value not in LEFT_OUT}

    return question


def entries(cell: str) -> list[str]:
    """The values of a cell."""
    parts = (part.replace("\\|", "|").strip() for part in re.split(r"(?<!\\)\|", cell))
    return [part for part in parts if part]


def joined(values: Iterable[str]) -> str:
    """The cell of these values."""
    # A value that ends with a backslash would take the separator with it.
    escaped = (value.strip().replace("|", "\\|") for value in values)
    return "|".join(f"{value} " if value.endswith("\\") else value for value in escaped).strip()


def _number(text: str) -> str | int | float:
    """A JSON number of a decimal, with a point or a comma; another text as it is."""
    plain = re.sub(r"^([+-]?\d*),(\d+)$", r"\1.\2", text)
    if not re.fullmatch(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?", plain, re.ASCII):
        return text
    value = float(plain)
    return int(value) if value.is_integer() and abs(value) < 2**53 else value


def _answer_number(text: str) -> str | int | float:
    """A JSON number only where it is the same text: 3/4, 1.50 and 12 m stay as they are."""
    value = _number(text)
    return value if str(value) == text else text


def _choice(cell: Cell) -> Fields:
    choices = entries(cell("choices"))
    # One value: a separator in it is a mistake, which no choice will match.
    given = cell("answer").replace("\\|", "|")
    return {**_choices(cell, choices), "answer": _id_of(given, choices)}


def _several(cell: Cell) -> Fields:
    choices = entries(cell("choices"))
    answer = [_id_of(given, choices) for given in entries(cell("answer"))]
    return {**_choices(cell, choices), "answer": answer}


def _choices(cell: Cell, texts: list[str]) -> Fields:
    return {"choices": _listed(texts), "keep_order": _is_yes(cell("keep_order"))}


def _listed(texts: Iterable[str]) -> list[Fields]:
    return [{"id": choice_id(i), "text": text} for i, text in enumerate(texts)]


def _is_yes(cell: str) -> bool:
    return cell.lower() in ("true", "yes", "1", "x", "ja", "wahr")


def _yes(value: object) -> str:
    return "true" if value else ""


def _id_of(given: str, texts: list[str]) -> str:
    """The id of the choice that a text, a letter or a number names. Raises ItemRefused."""
    if not given:
        raise ItemRefused("no_key")
    if given in texts:
        return choice_id(texts.index(given))
    if re.fullmatch("[a-zA-Z]", given):
        place = ord(given.lower()) - ord("a")
    else:
        place = int(given) - 1 if re.fullmatch("[0-9]{1,2}", given) else -1
    if not 0 <= place < len(texts):
        raise ItemRefused("no_choice", given)
    return choice_id(place)


def _numeric(cell: Cell) -> Fields:
    fields: Fields = {name: cell(name) for name in ("unit", "decimal_mark")}
    fields["answer"] = _answer_number(cell("answer"))
    if tolerance := cell("tolerance"):
        fields["tolerance"] = _number(tolerance)
    return fields


def _rubric(cell: Cell) -> Fields:
    rubric = []
    for n, entry in enumerate(entries(cell("answer")), start=1):
        found = re.fullmatch(r"(.*?)\s*=\s*([0-9.,]+)", entry, re.DOTALL)
        text, points = found.groups() if found else (entry, "1")
        rubric.append({"criterion_id": f"c{n}", "text": text, "points": _number(points)})
    return {"rubric": rubric}


def _ordering(cell: Cell) -> Fields:
    """The answer lists the choices in order; without choices they stand as they are listed."""
    answer = entries(cell("answer"))
    choices = entries(cell("choices")) or answer
    return {"choices": _listed(choices), "answer": [_id_of(text, choices) for text in answer]}


# Between the two sides of a pair.
PAIR = "=>"


def _matching(cell: Cell) -> Fields:
    """The answer lists pairs; choices that belong to no item are among the choices alone."""
    pairs = [tuple(map(str.strip, text.split(PAIR, 1))) for text in entries(cell("answer"))]
    if any(len(pair) < 2 for pair in pairs):
        raise ItemRefused("no_pair")
    rights = [right for _, right in pairs]
    choices = list(dict.fromkeys([*entries(cell("choices")), *rights]))
    return {
        "items": [{"id": str(n), "text": left} for n, (left, _) in enumerate(pairs, start=1)],
        "choices": _listed(choices),
        "answer": [choice_id(choices.index(right)) for right in rights],
    }


def _expression(cell: Cell) -> Fields:
    return {name: cell(name) for name in ("answer", "decimal_mark", "form")}


def _cloze(cell: Cell) -> Fields:
    return read_blanks(entries(cell("answer")), {name: cell(name) for name in OF_MATHEMATICS})


# By kind of question: the fields of its key, from the cells.
READERS: Mapping[str, Callable[[Cell], Fields]] = {
    "multiple_choice": _choice,
    "multi_select": _several,
    "numeric": _numeric,
    "short_answer": lambda cell: {
        "answer": entries(cell("answer")),
        "ignores": entries(cell("ignores")),
        "spelling_retry": _is_yes(cell("spelling_retry")),
    },
    "ordering": _ordering,
    "matching": _matching,
    "expression": _expression,
    "cloze": _cloze,
    "free_response": _rubric,
    "self_rated": lambda _: {},
}

Question = Mapping[str, Any]


def write(questions: Iterable[tuple[str, Question]], left_out: Written) -> Iterator[str]:
    """The lines of the file, from pairs of an exercise's name and a question."""
    yield BYTE_ORDER_MARK + _line(COLUMNS)
    for exercise, question in questions:
        try:
            cells = _cells(exercise, question)
        except ItemRefused as refusal:
            left_out.refuse(exercise, question, refusal.note.sentence)
            continue
        yield _line([_neutral(cells.get(name, "")) for name in COLUMNS])
        left_out.took(exercise, question, _lost(question, cells))


def _cells(exercise: str, question: Question) -> dict[str, str]:
    key = WRITERS.get(question["kind"])
    if key is None:
        name = question["kind"]
        raise ItemRefused("unwritable", f"A spreadsheet has no questions of the kind {name}")
    return {
        **{name: str(question.get(name) or "").strip() for name in PLAIN},
        "exercise": exercise,
        "hints": joined(question.get("hints") or []),
        **_image_cells(question.get("image") or {}),
        **key(question),
    }


PLAIN = ("question_id", "kind", "prompt", "explanation", "difficulty")


def _image_cells(image: Mapping[str, Any]) -> dict[str, str]:
    return {"image_url": image.get("url", ""), "image_alt": image.get("alt", "").strip()}


def _line(cells: Iterable[str]) -> str:
    line = io.StringIO()
    csv.writer(line, lineterminator="\r\n").writerow(cells)
    return line.getvalue()


def _choice_cells(question: Question) -> dict[str, str]:
    texts = {choice["id"]: choice["text"] for choice in question["choices"]}
    answer = question["answer"]
    return {
        "choices": joined(texts.values()),
        "answer": joined(
            [texts[id_] for id_ in (answer if isinstance(answer, list) else [answer])]
        ),
        "keep_order": _yes(question.get("keep_order")),
    }


def _pair_cells(question: Question) -> dict[str, str]:
    texts = {choice["id"]: choice["text"] for choice in question["choices"]}
    items = zip(question["items"], question["answer"], strict=True)
    pairs = [(item["text"].strip(), texts[id_].strip()) for item, id_ in items]
    if any(PAIR in left for left, _ in pairs):
        raise ItemRefused("unwritable", f"A spreadsheet takes {PAIR} in an item for that of a pair")
    return {
        "choices": joined(texts.values()),
        "answer": joined([f"{left} {PAIR} {right}" for left, right in pairs]),
    }


def _expression_cells(question: Question) -> dict[str, str]:
    return {name: question.get(name) or "" for name in ("answer", "decimal_mark", "form")}


def _blank_cells(question: Question) -> dict[str, str]:
    answers, cells = write_blanks(question["blanks"])
    return {"answer": joined(answers), **cells}


def _number_cells(question: Question) -> dict[str, str]:
    tolerance = question.get("tolerance")
    return {
        "answer": str(question["answer"]).strip(),
        "tolerance": "" if tolerance is None else str(tolerance),
        "unit": question.get("unit") or "",
        "decimal_mark": question.get("decimal_mark") or "",
    }


def _rubric_cells(question: Question) -> dict[str, str]:
    rubric = question["rubric"]
    return {"answer": joined([f"{c['text'].strip()}={c['points']}" for c in rubric])}


# By kind of question: the cells of its key.
WRITERS: Mapping[str, Callable[[Question], dict[str, str]]] = {
    "multiple_choice": _choice_cells,
    "multi_select": _choice_cells,
    "numeric": _number_cells,
    "short_answer": lambda question: {
        "answer": joined(question["answer"]),
        "ignores": joined(question.get("ignores") or []),
        "spelling_retry": _yes(question.get("spelling_retry")),
    },
    "ordering": _choice_cells,
    "matching": _pair_cells,
    "expression": _expression_cells,
    "cloze": _blank_cells,
    "free_response": _rubric_cells,
    "self_rated": lambda _: {},
}


# Fields that the cells hold under another name. A picture has cells of its own.
HELD_BY = {
    "free_response": frozenset({"rubric"}),
    "matching": frozenset({"items"}),
    "cloze": frozenset({"blanks"}),
}


def _lost(question: Question, cells: Mapping[str, str]) -> list[str]:
    """The fields that the line does not hold."""
    held = cells.keys() | HELD_BY.get(question["kind"], frozenset()) | {"image"}
    return [name for name, value in question.items() if name not in held and value not in LEFT_OUT]
