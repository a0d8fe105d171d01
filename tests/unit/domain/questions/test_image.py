"""Pictures of questions: what is taken, what students see, and what the log keeps."""

import json
import re
from typing import Any

import pytest

from shared.domain.questions.any_question import restore_question
from shared.domain.questions.image import A_PICTURE, MAX_ALT, MAX_URL, LoggedImage
from tests.unit.domain.questions.samples import ANY_QUESTION, KIND_NAMES, a_question, faults, raw

ADDRESS = "https://upload.example.org/Moon_(full).png?width=400#top"
PIXEL = "data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw=="
MOON = {"url": ADDRESS, "alt": "The full moon"}


def of_length(length: int) -> str:
    head = "data:image/png;base64,"
    return head + "A" * (length - len(head))


@pytest.mark.parametrize("kind", KIND_NAMES)
def test_a_question_of_any_kind_may_have_one_and_shows_it(kind: str) -> None:
    question = ANY_QUESTION.validate_python(raw(kind, image={**MOON, "source": "NASA"}))

    assert question.model_dump()["image"] == {**MOON, "source": "NASA"}
    assert question.public_view()["image"] == MOON
    assert restore_question(question.model_dump()).public_view() == question.public_view()


@pytest.mark.parametrize("kind", KIND_NAMES)
def test_a_question_without_one_shows_no_field_for_it(kind: str) -> None:
    assert "image" not in a_question(kind).public_view()
    assert "image" not in a_question(kind, image=None).public_view()


@pytest.mark.parametrize(
    "url",
    [
        ADDRESS,
        "https://example.org",
        "https://localhost:8443/a.svg",
        "https://example.org/b\u00e4r.webp",
        PIXEL,
        of_length(MAX_URL - 2),
        "data:image/svg+xml;base64,PHN2Zy8+",
        "data:image/webp;base64,UklGRg==",
        "data:image/jpeg;base64,/9j/",
    ],
)
def test_addresses_and_pictures_are_taken(url: str) -> None:
    assert a_question("numeric", image={"url": url, "alt": "A picture"}).image is not None
    assert re.search(A_PICTURE.keywords["pattern"], url)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "http://example.org/moon.png",
        "//example.org/moon.png",
        "moon.png",
        "javascript:alert(1)",
        "https://",
        "https://user:secret@example.org/moon.png",
        "https://example.org/full moon.png",
        'https://example.org/"onload="',
        "https://example.org/moon.png\n",
        f"https://example.org/{'m' * 1_800}",
        "data:image/svg+xml,<svg/>",
        "data:image/svg+xml;utf8,<svg/>",
        "data:image/bmp;base64,AAAA",
        "data:text/html;base64,AAAA",
        "data:image/png;base64,",
        "data:image/png;base64,A",
        "data:image/png;base64,AA=A",
        "data:image/png;base64,AAAA\n",
        of_length(MAX_URL + 2),
    ],
)
def test_other_urls_are_refused_at_the_field(url: str) -> None:
    assert faults(raw("numeric", image={"url": url, "alt": "A picture"})) == {"image.url"}
    # The API document says the same.
    assert len(url) > MAX_URL or not re.fullmatch(A_PICTURE.keywords["pattern"] + r"[\s\S]*", url)


@pytest.mark.parametrize("alt", ["", "  ", "\u200b", "x" * (MAX_ALT + 1), None, 7])
def test_what_it_shows_is_said_in_words(alt: Any) -> None:
    assert faults(raw("numeric", image={"url": ADDRESS, "alt": alt})) == {"image.alt"}


def test_a_picture_needs_both_fields() -> None:
    assert faults(raw("cloze", image={})) == {"image.url", "image.alt"}
    assert faults(raw("cloze", image=ADDRESS)) == {"image"}


def test_the_log_keeps_addresses_and_no_pictures() -> None:
    logged = [
        image.logged()
        for url in (ADDRESS, PIXEL)
        if (image := a_question("numeric", image={"url": url, "alt": "The moon"}).image)
    ]

    assert logged == [LoggedImage(alt="The moon", url=ADDRESS), LoggedImage(alt="The moon")]


def test_it_is_no_part_of_the_answer_key() -> None:
    question = a_question("numeric", image=MOON)

    assert MOON["alt"] not in json.dumps(question.key_texts)
    assert not question.is_self_contained
    assert a_question("numeric").is_self_contained
