"""Seals: any change of a stored session is detected; changes that an SDK makes are accepted."""

import json
from base64 import b64decode, urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Iterator
from copy import deepcopy
from functools import cache
from typing import Any

import pytest
from cryptography.fernet import Fernet
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic_core import to_json

from local.examples import theory_template
from shared.domain.common.errors import SessionContextTampered
from shared.domain.practice.attempt_log import Attempt, AttemptLog
from shared.domain.practice.client_view import hash_of
from shared.domain.practice.source import source_from_template
from shared.domain.practice.state import OpenedPractice, Practice, trim_log
from shared.domain.practice.transitions import start_practice
from shared.sealing.fernet_box import MAX_SEAL_LENGTH, FernetBox
from shared.sealing.practice_sealer import SOURCES_CACHED, FernetPracticeSealer
from shared.sealing.template_sealer import FernetTemplateSealer
from tests.support.tutor.playing import NOON, Player, right, wrong
from tests.unit.domain.samples import a_template, free_json

Json = dict[str, Any]
Path = tuple[str | int, ...]

KEY, OTHER_KEY = (Fernet.generate_key().decode() for _ in range(2))
BOX = FernetBox([KEY])


def sealer(*keys: str) -> FernetPracticeSealer:
    return FernetPracticeSealer(FernetBox(keys or [KEY]))


SEALER = FernetPracticeSealer(BOX)


@cache
def practised(session_id: str = "session-1", student_id: str = "student-1") -> Practice:
    """A state with something in every field: blocks done, a hint taken, right and wrong answers."""
    source = source_from_template(theory_template(), None)
    player = Player(
        start_practice(
            source, session_id=session_id, student_id=student_id, tutor="offline", at=NOON
        ),
    )
    player.present()
    for turn in range(16):
        if turn % 5 == 0:
            player.hint()
        player.answer((wrong if turn % 3 == 0 else right)(player.pending))
    return player.practice


def stored(**identity: str) -> Json:
    form: Json = json.loads(_stored(**identity))
    return form


@cache
def _stored(**identity: str) -> str:
    return json.dumps(sealed(SEALER, practised(**identity)))


def sealed(by: FernetPracticeSealer, practice: Practice) -> Json:
    form: Json = json.loads(to_json(by.seal(practice)))
    return form


def opened(by: FernetPracticeSealer, form: Json, student_id: str = "student-1") -> Practice:
    return by.open(form, student_id=student_id).practice


def paths(value: Any, at: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Every path in the JSON, with its value."""
    yield at, value
    match value:
        case dict():
            for key, inner in value.items():
                yield from paths(inner, (*at, key))
        case list():
            for index, inner in enumerate(value):
                yield from paths(inner, (*at, index))


def similar_values(value: Any) -> list[Any]:
    """Values that are similar to this one, but different."""
    match value:
        case bool():
            return [not value, int(value), str(value).lower(), None]
        case int() | float():
            return [value + 1, value + 1e-6, str(value), None]
        case str():
            return [f"{value}\u200b", value[:-1], [value], None]
        case None:
            return [False, 0, "", [], {}]
        case dict():
            return [None, [value], {}, json.dumps(value)]
        case _:
            return [None, {"0": value}, [*value, None], json.dumps(value)]


def changed_at(form: Json, at: Path, change: Callable[[Any, Any], None]) -> Json:
    """A copy in which `change` was called with the container of the path and the last key."""
    copy = deepcopy(form)
    holder: Any = copy
    for step in at[:-1]:
        holder = holder[step]
    change(holder, at[-1])
    return copy


def set_to(value: Any) -> Callable[[Any, Any], None]:
    return lambda holder, key: holder.__setitem__(key, value)


def changed(form: Json) -> Iterator[tuple[str, Json]]:
    for at, value in paths(form):
        if not at:
            continue
        for other in similar_values(value):
            if other != value or type(other) is not type(value):
                yield f"{at} = {other!r}", changed_at(form, at, set_to(other))


def deleted(form: Json) -> Iterator[tuple[str, Json]]:
    for at, _ in paths(form):
        if at:
            yield f"{at} deleted", changed_at(form, at, lambda holder, key: holder.pop(key))


def added(form: Json) -> Iterator[tuple[str, Json]]:
    for at, value in paths(form):
        if isinstance(value, dict):
            for key in ("answer", "extra", ""):
                yield f"{at} with {key!r}", changed_at(form, (*at, key), set_to(None))
        elif isinstance(value, list) and value:
            twice = [*value, value[-1]]
            yield f"{at} with its last entry twice", changed_at(form, at, set_to(twice))


def swapped(form: Json) -> Iterator[tuple[str, Json]]:
    for at, value in paths(form):
        if isinstance(value, list):
            for i in range(len(value) - 1):
                if value[i] != value[i + 1]:
                    other = [*value[:i], value[i + 1], value[i], *value[i + 2 :]]
                    yield f"{at} swapped at {i}", changed_at(form, at, set_to(other))


def opens(form: Json, by: FernetPracticeSealer = SEALER, *, student_id: str = "student-1") -> bool:
    try:
        by.open(form, student_id=student_id)
    except SessionContextTampered:
        return False
    return True


@pytest.mark.parametrize("tamper", [changed, deleted, added, swapped])
def test_any_change_of_a_stored_session_is_detected(
    tamper: Callable[[Json], Iterator[tuple[str, Json]]],
) -> None:
    form = stored()
    assert opens(form)

    cases = list(tamper(form))

    # The seal itself is one of the paths.
    assert len(cases) > 10
    assert [what for what, altered in cases if opens(altered)] == []


def test_the_changes_above_reach_every_field() -> None:
    form = stored()
    reached = {at[0] for at, _ in paths(form) if at}
    assert reached == set(form) >= {"skills", "blocks", "current", "progress", "seal"}
    assert {line["status"] for line in form["blocks"]} == {"done", "current"}
    assert form["progress"]["questions_answered"] == 16


@settings(max_examples=50)
@given(st.data())
def test_no_other_value_is_accepted_in_any_place(data: st.DataObject) -> None:
    form = stored()
    at, value = data.draw(st.sampled_from([place for place in paths(form) if place[0]]))
    other = data.draw(free_json)
    passes = opens(changed_at(form, at, set_to(other)))
    assert passes == (written(other) == written(value))


def as_integers(value: Any) -> Any:
    """As JavaScript writes numbers: 1.0 is 1."""
    match value:
        case dict():
            return {key: as_integers(inner) for key, inner in value.items()}
        case list():
            return [as_integers(inner) for inner in value]
        case float() if value.is_integer():
            return int(value)
        case _:
            return value


def as_floats(value: Any) -> Any:
    match value:
        case dict():
            return {key: as_floats(inner) for key, inner in value.items()}
        case list():
            return [as_floats(inner) for inner in value]
        case int() | float() if not isinstance(value, bool):
            return value + 0.0  # and -0.0 is 0.0
        case _:
            return value


def written(value: Any) -> str:
    return json.dumps(as_floats(value), sort_keys=True)


def reordered(value: Any) -> Any:
    match value:
        case dict():
            return {key: reordered(value[key]) for key in sorted(value, reverse=True)}
        case list():
            return [reordered(inner) for inner in value]
        case _:
            return value


@pytest.mark.parametrize(
    "through",
    [
        as_integers,
        as_floats,
        reordered,
        lambda form: json.loads(json.dumps(form, indent=3, ensure_ascii=True)),
        lambda form: json.loads(json.dumps(form, sort_keys=True, ensure_ascii=False)),
    ],
    ids=["integers", "floats", "key order", "escaped", "sorted"],
)
def test_changes_that_an_sdk_may_make_are_accepted(through: Callable[[Json], Json]) -> None:
    assert opened(SEALER, through(stored())) == practised()


def re_encoded(seal: str) -> dict[str, str]:
    state, _, source = seal.partition(".")
    raw = urlsafe_b64decode(state)

    def with_state(changed: bytes) -> str:
        return f"{urlsafe_b64encode(changed).decode()}.{source}"

    return {
        "with a space before": f" {seal}",
        "with a line break behind": f"{seal}\n",
        "with a line break in it": f"{seal[:76]}\n{seal[76:]}",
        "without padding": seal.rstrip("=") + ("" if seal.endswith("=") else "="),
        "with more padding": f"{seal}==",
        "in hex": raw.hex(),
        "encoded twice": urlsafe_b64encode(seal.encode()).decode(),
        "in other letters": seal.replace("A", "\u0391", 1),  # a Greek Alpha
        "as bytes are shown": f"b'{seal}'",
        "truncated": seal[:-4],
        "truncated to its head": seal[:12],
        "of its middle": seal[8:],
        "empty": "",
        "twice": seal + seal,
        "a bit turned": with_state(raw[:-1] + bytes([raw[-1] ^ 1])),
        "another version": with_state(bytes([raw[0] ^ 1]) + raw[1:]),
        "another time": with_state(raw[:8] + bytes([raw[8] ^ 1]) + raw[9:]),
        # A state of another length has no padding to lose.
        "its state not padded": f"{state.rstrip('=') if state[-1] == '=' else state[:-1]}.{source}",
        "its state padded more": f"{state}====.{source}",
        "its state with a space": f"{state} .{source}",
        "its state in two": f"{state[:8]}.{state[8:]}.{source}",
        "absurdly long": "A" * (4 * MAX_SEAL_LENGTH),
        "a little too long": seal + "A" * (MAX_SEAL_LENGTH + 1 - len(seal)),
    }


@pytest.mark.parametrize("how", re_encoded(stored()["seal"]))
def test_a_seal_in_another_encoding_is_refused(how: str) -> None:
    form = stored()
    assert not opens({**form, "seal": re_encoded(form["seal"])[how]})


def test_a_seal_in_the_standard_alphabet_is_refused() -> None:
    seal = stored()["seal"]
    for part in seal.split("."):
        standard = part.replace("-", "+").replace("_", "/")
        assert standard != part
        assert b64decode(standard) == urlsafe_b64decode(part)
        assert not opens({**stored(), "seal": seal.replace(part, standard)})


@pytest.mark.parametrize("seal", [None, 0, 1, True, 1.5, [], ["x"], {}, {"seal": "x"}, "garbage"])
def test_a_value_that_is_not_a_seal_is_refused(seal: Any) -> None:
    assert not opens({**stored(), "seal": seal})


def test_a_session_without_its_seal_is_refused() -> None:
    form = stored()
    del form["seal"]
    assert not opens(form)


def test_a_seal_belongs_to_one_session_one_student_and_one_state() -> None:
    own, later = stored(), Player(practised())
    later.answer(right(later.pending))
    foreign = {
        "another session": stored(session_id="session-2")["seal"],
        "another student": stored(student_id="student-2")["seal"],
        "another state": sealed(SEALER, later.practice)["seal"],
    }
    for student_id in ("student-1", "student-2"):
        forms = {whose: {**own, "seal": seal} for whose, seal in foreign.items()}
        assert [w for w, form in forms.items() if opens(form, student_id=student_id)] == []


def test_a_session_opens_only_for_its_student_and_under_its_id() -> None:
    form = stored()
    own = SEALER.open(form, student_id="student-1", session_id="session-1")
    assert own == OpenedPractice(practised(), hash_of(practised()))
    for student_id, session_id in (("student-2", None), ("student-1", "session-2")):
        with pytest.raises(SessionContextTampered):
            SEALER.open(form, student_id=student_id, session_id=session_id)


def test_a_state_sealed_again_is_the_same_state() -> None:
    one, other = stored(), sealed(SEALER, practised())
    assert one["seal"] != other["seal"]
    assert opens({**one, "seal": other["seal"]})


def test_seals_of_templates_and_sessions_are_not_interchangeable() -> None:
    templates = FernetTemplateSealer(BOX)
    template_seal = templates.seal(a_template(), {}).seal or ""
    session_seal = stored()["seal"]
    assert templates.open(template_seal).template_id == "routine"
    assert not opens({**stored(), "seal": template_seal})
    with pytest.raises(SessionContextTampered):
        templates.open(session_seal)


def test_keys_are_rotated_by_putting_a_new_one_in_front_and_retired_by_dropping_them() -> None:
    before = stored()
    rotated = sealer(OTHER_KEY, KEY)
    after = sealed(rotated, opened(rotated, before))

    assert opens(after, sealer(OTHER_KEY))
    assert not opens(after, SEALER)
    assert not opens(before, sealer(OTHER_KEY))
    # A function that is still being rolled out has the new key second.
    assert opens(after, sealer(KEY, OTHER_KEY))


@pytest.mark.parametrize("keys", [[], ["short"], [""], [KEY, "not a key"], ["é" * 44]])
def test_an_invalid_key_is_refused(keys: list[str]) -> None:
    with pytest.raises(ValueError, match=r"seal key is needed|Fernet key must|only ASCII"):
        FernetBox(keys)


def resealed(change: Callable[[Json], object]) -> Json:
    """The stored session with its sealed state changed by an owner of the key."""
    form = stored()
    state, _, source = form["seal"].partition(".")
    content = json.loads(BOX.open("session", state).content)
    change(content)
    changed = BOX.seal("session", json.dumps(content).encode())
    return {**form, "seal": f"{changed}.{source}"}


def test_a_genuine_seal_of_the_same_state_opens() -> None:
    assert opens(resealed(lambda content: None))


def sealed_state(form: Json) -> bytes:
    """What is sealed of the session's state."""
    return BOX.open("session", form["seal"].partition(".")[0]).content


def test_a_sealed_state_is_an_object_with_the_log_as_the_version_before_reads_it() -> None:
    """While a deployment is under way, either version may serve a request."""
    state = json.loads(sealed_state(stored()))
    assert [Attempt.model_validate(entry) for entry in state["log"]] == practised().log.attempts
    assert len(state["log"]) == 16


def test_the_log_of_a_state_that_the_version_before_sealed_is_taken_over() -> None:
    form = resealed(lambda content: None)
    assert b"\n" not in sealed_state(form)

    before = opened(SEALER, form)

    assert before == practised()
    assert before.log.entries == practised().log.entries
    assert sealed_state(sealed(SEALER, before)) == sealed_state(stored())


def test_a_turn_seals_the_log_of_the_turn_before_as_it_is() -> None:
    before = practised()
    player = Player(before)
    player.hint()
    assert player.practice.log == before.log
    player.answer(right(player.pending))
    assert player.practice.log.entries[:-1] == before.log.entries


def test_a_log_that_was_stored_is_sealed_empty() -> None:
    form = sealed(SEALER, trim_log(practised()))
    assert b"\n" not in sealed_state(form)
    assert opened(SEALER, form).log == AttemptLog()


@pytest.mark.parametrize(
    "text", ['","log":[\n', "\n]}", ",\n", '\\","log":[', "\u2028\r\n", "é\x00"]
)
def test_no_text_of_an_answer_ends_its_entry(text: str) -> None:
    attempt = (
        practised()
        .log.attempts[0]
        .model_copy(update={"prompt": text, "answer": {text: [text]}, "feedback": text})
    )
    log = practised().log.append(attempt)
    practice = practised().model_copy(update={"log": log, "missed": [text]})

    found = opened(SEALER, sealed(SEALER, practice))

    assert found == practice
    assert found.log.attempts[-1] == attempt


@pytest.mark.parametrize(
    "change",
    [
        lambda content: content.clear(),
        lambda content: content.pop("skills"),
        lambda content: content.update(schema_version=2),
        lambda content: content.update(block="none"),
    ],
    ids=["empty", "less", "of a later version", "of another shape"],
)
def test_a_genuine_seal_of_another_version_is_refused_without_an_error(
    change: Callable[[Json], object],
) -> None:
    assert not opens(resealed(change))


def test_a_seal_that_is_not_of_two_parts_is_refused() -> None:
    form = stored()
    state, _, source = form["seal"].partition(".")
    for seal in (state, source, f"{state}.", f".{source}", f"{source}.{state}", f"{state}.{state}"):
        assert not opens({**form, "seal": seal})
    assert not opens({**form, "seal": f"{form['seal']}.{source}"})


@pytest.mark.parametrize("read_before", [True, False], ids=["source cached", "source not cached"])
def test_the_source_must_be_that_of_the_state_whether_or_not_it_is_cached(
    read_before: bool,
) -> None:
    form = stored()
    state, _, source = form["seal"].partition(".")
    similar_values = {
        "sealed anew": sealed(sealer(), practised())["seal"].partition(".")[2],
        "altered": f"{source[:-5]}AAAA=",
        "cut": source[:-4],
        "none": "",
    }
    for how, other in similar_values.items():
        by = sealer()
        assert not read_before or opens(form, by)
        assert not opens({**form, "seal": f"{state}.{other}"}, by), how
        assert opens(form, by), how


def test_the_source_is_sealed_once_and_again_with_a_new_key() -> None:
    def source_of(form: Json) -> str:
        return str(form["seal"].partition(".")[2])

    one, rotated = sealer(), sealer(OTHER_KEY, KEY)
    before = sealed(one, practised())
    after = sealed(one, opened(one, before))
    assert source_of(after) == source_of(before)

    turned = sealed(rotated, opened(rotated, after))
    assert source_of(turned) != source_of(after)
    assert opens(turned, sealer(OTHER_KEY))


def test_students_of_one_template_share_a_source_and_nothing_else() -> None:
    by = sealer()
    forms = [sealed(by, practised(f"session-{n}", f"student-{n}")) for n in (1, 2)]
    found = [opened(by, form, f"student-{n}") for n, form in enumerate(forms, start=1)]
    assert found[0].source is found[1].source
    assert [practice.student_id for practice in found] == ["student-1", "student-2"]


def test_cached_sources_are_bounded_and_read_again_when_needed() -> None:
    by = sealer()
    form = sealed(by, practised())
    for number in range(SOURCES_CACHED):
        by.seal(practised().model_copy(update={"source_id": str(number)}))
    assert opened(by, form) == practised()
    assert opened(by, form).source is not practised().source


def test_a_question_outside_the_bank_is_stored_whole() -> None:
    practice = practised()
    assert practice.block is not None
    foreign = [
        question.model_copy(update={"prompt": f"{question.prompt} Why?"})
        for question in practice.block.questions
    ]
    block = practice.block.model_copy(update={"questions": foreign})
    written = practice.model_copy(update={"block": block})
    assert opened(sealer(), sealed(SEALER, written)) == written


def test_a_seal_reveals_nothing_of_its_content() -> None:
    """Neither as base64 nor by its length: content is not compressed.

    A short word occurs in the base64 of one seal by chance, but not in that of each of three.
    """
    seals = []
    for _ in range(3):
        parts = sealed(SEALER, practised())["seal"].split(".")
        decoded = [urlsafe_b64decode(part) for part in parts]
        seals.append(b"".join([*decoded, *map(str.encode, parts)]))
    assert len(set(seals)) == 3
    words = {
        word
        for section in theory_template()["template_data"]["sections"]
        for exercise in section["exercises"]
        for question in exercise["questions"]
        for word in str(question).split()
        if len(word) > 4
    }
    assert len(words) > 100
    assert [word for word in words if all(word.encode() in raw for raw in seals)] == []
    assert [raw for raw in seals if b"answer" in raw] == []
    lengths = {len(BOX.seal("session", letters.encode())) for letters in ("a" * 99, "abc" * 33)}
    assert len(lengths) == 1
