"""The document of a session of infinite practice, which every list loads whole, within 4 KB.

Its template may have texts of up to 30 KB: its own, and the names of its skills. Those that do not
fit are cut. Nothing is lost: the template has them whole, and the student's skill has its name.
Ids longer than those of Firebase, and a subject of more than 400 bytes, may exceed the bound.
"""

from collections.abc import Collection

from shared.domain.common.json_object import stored_size_bytes
from shared.domain.sessions.session import Session
from shared.domain.sessions.session_data import SessionContent

MAX_DOCUMENT_BYTES = 4 * 1024
# More of the name than its path.
NAME_BYTES = 16
# Of the fields that are null until the session ends. Its flags are none of them: they are rare, and
# the texts are fitted again with them.
ENDED_BYTES = 48
TITLES = ("name", "template_name", "topic", "grade_level")
ELLIPSIS = "…"


def fit_document(session: Session) -> Session:
    """The session that a tutor runs with the longest texts of its template cut.

    Any other session stays as it is. The titles may take half of the room for texts; the
    description and the names of skills share the rest. Not measured are the fields that requests
    write: session_data, parent_ids and practice_mode. `subject` stays whole, because sessions are
    found by it.
    """
    if not session.is_run_by_tutor:
        return session
    titles = {name: text for name in TITLES if (text := getattr(session, name)) is not None}
    skills = session.mastery
    room = MAX_DOCUMENT_BYTES - _size_without_texts(session)
    most = _longest(titles.values(), room // 2)
    titles = {name: _cut(text, most) for name, text in titles.items()}
    room -= sum(map(_text_bytes, titles.values()))
    most = _longest([session.description, *(skill.name for skill in skills)], room)
    return session.model_copy(
        update={
            **titles,
            "description": _cut(session.description, most),
            "mastery": [
                skill.model_copy(update={"name": _cut(skill.name, most)}) for skill in skills
            ],
        }
    )


def _size_without_texts(session: Session) -> int:
    without = session.model_copy(
        update={
            **{name: "" for name in TITLES if getattr(session, name) is not None},
            "description": "",
            "mastery": [skill.model_copy(update={"name": ""}) for skill in session.mastery],
            "session_data": SessionContent(),
            "parent_ids": [],
            "practice_mode": None,
        }
    )
    size = stored_size_bytes(without.model_dump(exclude={"session_id", "stored_session"}))
    path = f"practice_sessions/{session.session_id}/"  # a byte more for each segment
    return NAME_BYTES + len(path) + size + (ENDED_BYTES if session.ended_at is None else 0)


def _longest(texts: Collection[str], room: int) -> int:
    """The bytes to which the longest of the texts are cut, for all to take at most `room`."""
    sizes = sorted(map(_text_bytes, texts))
    for place, size in enumerate(sizes):
        share = room // (len(sizes) - place)
        if size > share:
            return share
        room -= size
    return max(sizes, default=0)


def _cut(text: str, most: int) -> str:
    """The text, of at most so many bytes in UTF-8, but of those of an ellipsis at least."""
    most = max(most, _text_bytes(ELLIPSIS))
    if _text_bytes(text) <= most:
        return text
    kept = text.encode()[: most - _text_bytes(ELLIPSIS)].decode(errors="ignore")
    return kept.rstrip() + ELLIPSIS


def _text_bytes(text: str) -> int:
    return len(text.encode())
