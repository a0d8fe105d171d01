"""The texts of a session of infinite practice, cut for its document to stay within its bound."""

from hypothesis import given
from hypothesis import strategies as st

from shared.domain.common.json_object import stored_size_bytes
from shared.domain.practice.source import MAX_SKILLS
from shared.domain.sessions.document_size import ELLIPSIS, MAX_DOCUMENT_BYTES, fit_document
from shared.domain.sessions.items import Tally
from shared.domain.sessions.session import (
    EndReason,
    Mode,
    Session,
    SkillProgress,
    Status,
    StoredState,
)
from shared.domain.students.scoring import RightAnswers
from shared.domain.students.student import Origin
from shared.domain.students.timing import Flag
from shared.firestore.documents import fields_of
from tests.unit.domain.samples import NOON, a_session

# Titles are not blank, and of no reserved form.
LETTERS = st.characters(exclude_categories=["C", "Z"], exclude_characters="_")
NAMES = st.builds(str.__mul__, LETTERS, st.integers(1, 200))
LABELS = st.builds(str.__mul__, LETTERS, st.integers(1, 120))


@st.composite
def sessions(draw: st.DrawFn) -> Session:
    names = draw(st.lists(NAMES, max_size=MAX_SKILLS))
    return a_session(
        {},
        mode=Mode.INFINITE,
        name=draw(LABELS),
        template_name=draw(LABELS),
        topic=draw(st.none() | LABELS),
        grade_level=draw(st.none() | LABELS),
        subject=draw(st.none() | LABELS),
        description=draw(LETTERS) * draw(st.integers(0, 2_000)),
        mastery=[
            SkillProgress(skill_id=f"{n:016x}", name=name, before=0.1, after=0.5)
            for n, name in enumerate(names)
        ],
    )


def texts(session: Session) -> list[str]:
    found = (session.name, session.template_name, session.topic, session.grade_level)
    names = [skill.name for skill in session.mastery]
    return [text for text in (*found, session.description, *names) if text is not None]


@given(sessions())
def test_each_text_is_whole_or_its_beginning(session: Session) -> None:
    fitted = fit_document(session)

    for before, after in zip(texts(session), texts(fitted), strict=True):
        assert after == before or (
            after.endswith(ELLIPSIS) and before.startswith(after.removesuffix(ELLIPSIS))
        )
        assert len(after.encode()) <= len(before.encode())
    assert fitted.subject == session.subject


@given(sessions())
def test_a_session_that_was_cut_is_not_cut_again(session: Session) -> None:
    fitted = fit_document(session)

    assert fit_document(fitted) == fitted


def test_usual_texts_stay_whole() -> None:
    session = a_session(
        {},
        mode=Mode.INFINITE,
        name="分数の足し算と引き算:分母が違うとき",
        description="試験の前の復習。まず例を見て、それから問題を解きます。",
        subject="数学",
        mastery=[
            SkillProgress(skill_id=f"{n:016x}", name=f"分数の練習 {n}", before=0.1, after=0.5)
            for n in range(MAX_SKILLS)
        ],
    )

    assert fit_document(session) == session


def test_names_of_skills_and_the_description_are_cut_before_short_titles() -> None:
    name = "A title that is as long as titles are"
    skills = [
        SkillProgress(skill_id=f"{n:016x}", name="s" * 200, before=0.1, after=0.5)
        for n in range(MAX_SKILLS)
    ]
    fitted = fit_document(
        a_session(
            {}, mode=Mode.INFINITE, name=name, template_name=name, description="d", mastery=skills
        )
    )

    assert (fitted.name, fitted.template_name, fitted.description) == (name, name, "d")
    assert {30 < len(skill.name.encode()) < 80 for skill in fitted.mastery} == {True}


def test_a_session_with_every_field_at_its_longest_fits_when_it_ends() -> None:
    label, some = "😀" * 120, RightAnswers(first=1, later=1)
    counts = dict.fromkeys(("items_logged", "verified_first", "verified_later", "fast_answers"), 1)
    answers = dict.fromkeys(("verified_repeated", "self_rated", "self_rated_repeated"), some)
    uid = "u" * 28  # as Firebase makes them
    session = a_session(
        {},
        session_id="s" * 24,
        student_id=uid,
        teacher_id=uid,
        template_id="t" * 24,
        template_version=1,
        origin=Origin.SELF_PRACTICE,
        mode=Mode.INFINITE,
        root_id="r" * 128,
        **dict.fromkeys(("name", "template_name", "topic", "grade_level"), label),
        subject="😀" * 100,
        description="😀" * 2_000,
        timezone="America/Argentina/ComodRivadavia",
        score_percent=50.0,
        tally=Tally(**counts, **answers),
        stored=StoredState(seq=1, state_hash="h" * 32, attempts=1),
        mastery=[
            SkillProgress(skill_id=f"{n:016x}", name="😀" * 200, before=0.1, after=0.5)
            for n in range(MAX_SKILLS)
        ],
    )
    left = fit_document(session).model_copy(
        update={
            "status": Status.ABANDONED,
            "ended_at": NOON,
            "end_reason": EndReason.COMPLETED,
            **dict.fromkeys(("duration_seconds", "time_spent_seconds"), 1),
            **dict.fromkeys(("streak_before", "streak_after"), 1),
        }
    )

    name = 16 + len(f"practice_sessions/{session.session_id}/")
    flagged = fit_document(left.model_copy(update={"flags": list(Flag)}))
    for ended in (left, flagged):
        assert stored_size_bytes(fields_of(ended)) + name <= MAX_DOCUMENT_BYTES
