"""send-scores: the grades of a class, sent to an LMS that keeps to the specification."""

import json
import shlex
import signal
import stat
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.integration.admin.command import CommandResult, start
from tests.integration.admin.conftest import Admin
from tests.integration.admin.lms import LINE_ITEMS, SCORES, Lms, serving_lms
from tests.integration.firestore.test_strict_turns import called, turn
from tests.support.documents import examples
from tests.support.firestore.world import TEACHER, World
from tests.support.key_server import Signer

Json = dict[str, Any]
Send = Callable[..., CommandResult]
SIGNER = Signer("key-1")
QUESTIONS: list[Json] = [
    {"question_id": f"q{n}", "kind": "numeric", "prompt": f"{n}?", "answer": n} for n in range(3)
]
STUDENTS = ("sam", "kim", "alex", "lou")
LONG_AGO, FAR = "2024-02-29T00:00:00Z", "2999-01-01T00:00:00Z"


@pytest.fixture
def lms() -> Iterator[Lms]:
    with serving_lms(SIGNER) as running:
        running.users.update(f"lms/{uid}" for uid in STUDENTS)
        yield running


@pytest.fixture
def of(world: World) -> Json:
    """The ids of an assignment of 10 points: Sam has handed in two right of three, Kim has begun,
    Lou is excused, and Alex has done nothing.
    """
    exercise = {"id": "sums", "name": "Sums", "questions": QUESTIONS}
    data = {"sections": [{"name": "A", "exercises": [exercise]}]}
    template = called(
        world, "create_template", {"name": "Sums", "template_data": data}, by=TEACHER
    )["template"]
    created = called(world, "create_class", {"name": "Guitar"}, by=TEACHER)
    ids: Json = {"class_id": created["class"]["class_id"]}
    body = {**ids, "template_id": template["template_id"], "points": 10}
    ids["assignment_id"] = called(world, "create_assignment", body, by=TEACHER)["assignment"][
        "assignment_id"
    ]
    for uid in STUDENTS:
        join = {"code": created["join"]["code"], "display_name": uid.title()}
        called(world, "join_class", join, by=uid)
    session_id = called(world, "start_session", ids, by="sam")["session"]["session_id"]
    for seq, given in enumerate((0, 9, 2), start=1):
        called(world, "assignment_turn", turn(session_id, seq, given), by="sam")
    called(world, "complete_session", {"session_id": session_id}, by="sam")
    called(world, "start_session", ids, by="kim")
    override(world, ids, "lou", 0, "exempt")
    return ids


def override(world: World, of: Json, uid: str, revision: int, grade: Any) -> None:
    body = {**of, "student_id": uid, "revision": revision, "score_percent": grade, "note": "-"}
    called(world, "override_grade", body, by=TEACHER)


@pytest.fixture
def send(admin: Admin, of: Json, lms: Lms, tmp_path: Path) -> Send:
    """Sends to one line item, or with `to=()` as the options say."""
    command = arguments(of, lms, tmp_path)

    def run(*options: str, to: tuple[str, ...] | None = None) -> CommandResult:
        return admin(*command, *(one_line_item(of, lms) if to is None else to), *options)

    return run


def arguments(of: Json, lms: Lms, folder: Path) -> list[str]:
    """The command with its files, without the place where scores go."""
    (folder / "key.pem").write_bytes(SIGNER.private_pem)
    (folder / "lms.toml").write_text(
        f'client_id = "{lms.client_id}"\ntoken_url = "{lms.token_url}"\n'
        f'key_id = "{SIGNER.kid}"\nkey_file = "key.pem"\n'
    )
    (folder / "users.csv").write_text(
        "uid,lms_user_id\n" + "".join(f"{uid},lms/{uid}\n" for uid in STUDENTS)
    )
    files = ("--lms", "lms.toml"), ("--users", "users.csv"), ("--record", "sent.jsonl")
    named = [part for option, name in files for part in (option, str(folder / name))]
    return ["send-scores", of["class_id"], *named]


def one_line_item(of: Json, lms: Lms) -> tuple[str, ...]:
    item = lms.line_items.get("/course/7/lineitems/1/lineitem") or lms.add_line_item("1")
    return ("--assignment", of["assignment_id"], "--line-item", item.url)


def scores(lms: Lms) -> dict[str, Json]:
    """What was posted, by uid, without the timestamps. One score each."""
    found = {s["userId"].removeprefix("lms/"): dict(s) for _, s in lms.posted}
    assert len(found) == len(lms.posted)
    for score in found.values():
        del score["userId"], score["timestamp"]
    return found


DONE = {"activityProgress": "Completed", "gradingProgress": "FullyGraded"}
BEGUN = {"activityProgress": "InProgress", "gradingProgress": "NotReady"}
NOTHING = {"activityProgress": "Initialized", "gradingProgress": "NotReady"}


def test_scores_are_those_of_the_gradebook_and_to_the_specification(send: Send, lms: Lms) -> None:
    result = send().result

    assert lms.refusals == []
    assert scores(lms) == {
        "sam": {"scoreGiven": 6.67, "scoreMaximum": 10, **DONE},
        "kim": BEGUN,
        "lou": {**NOTHING, "comment": "Exempt."},
    }
    assert (result["sent"], result["unchanged"], result["left"]) == (3, 0, 0)
    assert [granted for granted, _ in lms.tokens.values()] == [{SCORES}]


def test_the_same_again_sends_nothing_until_something_changes(
    send: Send, lms: Lms, world: World, of: Json
) -> None:
    send()
    assert send().result["unchanged"] == 3
    assert len(lms.posted) == 3
    assert len(lms.tokens) == 1

    override(world, of, "alex", 0, 55)
    override(world, of, "sam", 0, 100)
    lms.posted.clear()
    assert send().result["sent"] == 2
    assert {uid: score["scoreGiven"] for uid, score in scores(lms).items()} == {
        "alex": 5.5,
        "sam": 10,
    }

    override(world, of, "alex", 1, None)
    override(world, of, "sam", 1, None)
    lms.posted.clear()
    assert send().result["sent"] == 2
    assert scores(lms) == {"alex": NOTHING, "sam": {"scoreGiven": 6.67, "scoreMaximum": 10, **DONE}}
    assert lms.refusals == []


def test_late_and_missing_follow_the_due_date_and_points_the_assignment(
    send: Send, lms: Lms, world: World, of: Json
) -> None:
    called(world, "update_assignment", {**of, "due_at": LONG_AGO, "points": 4}, by=TEACHER)
    assert send().code == 0
    assert scores(lms) == {
        "sam": {"scoreGiven": 2.67, "scoreMaximum": 4, **DONE, "comment": "Handed in late."},
        "kim": BEGUN,
        "lou": {**NOTHING, "comment": "Exempt."},
    }
    lms.posted.clear()
    called(world, "update_assignment", {**of, "due_at": FAR, "points": None}, by=TEACHER)
    assert send().code == 0
    assert scores(lms) == {"sam": {"scoreGiven": 66.7, "scoreMaximum": 100, **DONE}}


def test_a_dry_run_prints_what_would_be_sent(send: Send, lms: Lms, tmp_path: Path) -> None:
    result = send("--dry-run").result

    assert (lms.posted, lms.tokens) == ([], {})
    assert not (tmp_path / "sent.jsonl").exists()
    would = {each["student_id"]: each["score"] for each in result["scores"]}
    send()
    assert {uid: {**score, "userId": f"lms/{uid}"} for uid, score in scores(lms).items()} == would
    assert send("--dry-run").result["scores"] == []


def test_line_items_of_a_course_are_found_or_created_once(
    send: Send, lms: Lms, world: World, of: Json
) -> None:
    for name in ("other", "more", "most"):
        lms.add_line_item(name, resourceId=name)
    course = ("--line-items", lms.course)
    dry = send("--dry-run", to=course).result
    assert {each["line_item"] for each in dry["scores"]} == {None}
    assert len(lms.line_items) == 3

    lms.fail("/lineitems", 503, times=1)
    assert send(to=course).result["sent"] == 3
    created = list(lms.line_items.values())[3:]
    assert [item.fields["resourceId"] for item in created] == [of["assignment_id"]]
    assert (created[0].fields["label"], created[0].fields["scoreMaximum"]) == ("Sums", 10)
    assert len(created[0].scores) == 3
    assert send(to=course).result["unchanged"] == 3
    assert len(lms.line_items) == 4
    assert {frozenset(granted) for granted, _ in lms.tokens.values()} == {
        frozenset([SCORES, LINE_ITEMS])
    }
    assert lms.refusals == []

    archived = {**of, "archived": True}
    called(world, "update_assignment", archived, by=TEACHER)
    assert send(to=course).result["unchanged"] == 0


def test_a_line_item_whose_creation_got_no_reply_is_not_created_twice(send: Send, lms: Lms) -> None:
    lms.add_line_item("other", resourceId="other")
    # The reply to each request for the course is lost once: two lists, and the creation.
    lms.fail("/lineitems", 500, times=3, reply_lost=True)
    assert send(to=("--line-items", lms.course)).result["sent"] == 3
    assert len(lms.line_items) == 2


def test_a_busy_lms_is_asked_again_with_a_new_assertion(send: Send, lms: Lms) -> None:
    lms.fail("/token", 503, reply_lost=True)
    lms.fail("/scores", 429, times=2)
    assert send().result["sent"] == 3
    assert lms.refusals == []
    assert len(lms.assertions) == 2


def test_a_score_whose_reply_was_lost_is_sent_again_as_it_was(send: Send, lms: Lms) -> None:
    lms.fail("/scores", 502, reply_lost=True)
    result = send().result
    assert (result["sent"], result["already_there"]) == (2, 1)
    assert lms.refusals == ["timestamp is not later than that of the last score"]
    assert len(scores(lms)) == 3
    assert send().result["unchanged"] == 3


def test_a_token_is_renewed_when_it_ends_or_is_taken_back(send: Send, lms: Lms) -> None:
    lms.token_seconds = 0
    send()
    # A token that is over when it comes is tried, and once more with another one.
    assert lms.posted == []
    assert set(lms.refusals) == {"invalid_token"}

    lms.token_seconds = 3_600
    lms.refusals.clear()
    lms.fail("/scores", 401)
    assert send().result["sent"] == 3
    assert lms.refusals == []


def test_an_lms_that_stays_away_is_reported_and_the_rest_is_sent_later(
    send: Send, lms: Lms
) -> None:
    lms.fail("/scores", 204, reply_lost=True)
    lms.fail("/scores", 503, times=6)
    failed = send()
    assert failed.code == 1
    report = json.loads(failed.out)
    assert (report["sent"], report["left"]) == (1, 2)
    assert "Run the same command again to continue." in failed.err

    lms.faults.clear()
    assert send().result["sent"] == 2
    assert len(scores(lms)) == 3
    assert lms.refusals == []


def test_a_refused_score_does_not_stop_the_others(send: Send, lms: Lms) -> None:
    lms.users.remove("lms/kim")
    failed = send()
    assert failed.code == 1
    report = json.loads(failed.out)
    assert (report["sent"], report["left"]) == (2, 0)
    (refused,) = report["refused"]
    assert (refused["student_id"], "no such user" in refused["why"]) == ("kim", True)

    lms.users.add("lms/kim")
    assert send().result["sent"] == 1
    assert len(scores(lms)) == 3


def test_a_student_whom_the_file_does_not_name_is_named(
    send: Send, lms: Lms, tmp_path: Path
) -> None:
    users = tmp_path / "users.csv"
    users.write_text("uid,lms_user_id,name\nsam,lms/sam,Sam\nlou,,not there\n")
    failed = send()
    assert failed.code == 1
    assert json.loads(failed.out)["unknown_students"] == ["kim"]
    assert scores(lms).keys() == {"sam"}
    users.write_text("uid,lms_user_id\nsam,lms/sam\nkim,lms/sam\n")
    assert "lms/sam" in send().err
    users.write_text("uid;lms_user_id\n")
    assert "lms_user_id" in send().err


def test_what_the_lms_did_not_grant_is_named(send: Send, lms: Lms) -> None:
    lms.granted = LINE_ITEMS
    failed = send()
    assert (failed.code, SCORES in failed.err) == (1, True)
    assert lms.posted == []


def test_nothing_secret_is_printed_or_stored(send: Send, lms: Lms, tmp_path: Path) -> None:
    lms.users.clear()  # the LMS repeats the Authorization header in its refusals
    ran = [send()]
    lms.users.add("lms/sam")
    lms.fail("/token", 400)
    lms.fail("/scores", 403)
    ran += [send(), send()]
    shown = "".join(result.out + result.err for result in ran)
    record = tmp_path / "sent.jsonl"
    shown += record.read_text()
    assert "no such user" in shown
    assert lms.tokens
    secrets = [*lms.tokens, *lms.assertions, SIGNER.private_pem.decode().splitlines()[1]]
    assert [secret for secret in secrets if secret in shown] == []
    assert stat.S_IMODE(record.stat().st_mode) == 0o600


def test_ctrl_c_says_what_was_sent_and_the_next_run_sends_the_rest(
    of: Json, lms: Lms, env: dict[str, str], tmp_path: Path, send: Send
) -> None:
    command = arguments(of, lms, tmp_path)
    to = one_line_item(of, lms)
    lms.fail("/scores", 204, reply_lost=True)
    lms.faults += [("/scores", 503, False)] * 1_000
    process = start(*command, *to, env=env)
    while process.poll() is None and len(lms.faults) > 999:
        pass
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert (process.returncode, out) == (130, "")
    assert "1 scores were sent, 2 are left" in err

    lms.faults.clear()
    assert send().result["sent"] == 2
    assert len(scores(lms)) == 3


def test_a_record_that_was_cut_off_is_continued(send: Send, lms: Lms, tmp_path: Path) -> None:
    send()
    record = tmp_path / "sent.jsonl"
    whole = record.read_text()
    record.write_text(whole[:-20])
    again = send().result
    assert (again["unchanged"], again["already_there"]) == (2, 1)
    assert len(record.read_text().splitlines()) == len(whole.splitlines())
    record.write_text("something else\n")
    assert "is not a record of sent scores" in send().err


def test_the_printed_files_and_commands_work(
    admin: Admin, world: World, lms: Lms, of: Json, tmp_path: Path
) -> None:
    toml, users, script = (each.text for each in examples("docs/admin.md", under="send-scores"))
    item = lms.add_line_item("1")
    for printed, here in (
        ("https://lms.school.example/login/oauth2/token", lms.token_url),
        ("https://lms.school.example/api/lti/courses/7/line_items/3", item.url),
        ("https://lms.school.example/api/lti/courses/7/line_items", lms.course),
        ("10000000000007", lms.client_id),
        ("practice-1", SIGNER.kid),
        ("8a7f3c20-5d0e", "lms/sam"),
        ("ASSIGNMENT_ID", of["assignment_id"]),
        ("CLASS_ID", of["class_id"]),
        ("my-school", str(world.client.project)),
        *((name, str(tmp_path / name)) for name in ("lms.toml", "users.csv", "sent.jsonl")),
    ):
        toml, users, script = (text.replace(printed, here) for text in (toml, users, script))
    (tmp_path / "lms-key.pem").write_bytes(SIGNER.private_pem)
    (tmp_path / "lms.toml").write_text(toml)
    (tmp_path / "users.csv").write_text(users + "kim,\nlou,\n")
    (_, dry), (_, real) = (
        line.split(" -m admin ") for line in script.replace("\\\n", "").splitlines()
    )
    assert len(admin(*shlex.split(dry)).result["scores"]) == 1
    assert lms.posted == []
    assert admin(*shlex.split(real)).result["sent"] == 1
    assert scores(lms).keys() == {"sam"}


def test_what_is_wrong_is_named_before_anything_is_sent(
    send: Send, lms: Lms, of: Json, admin: Admin, tmp_path: Path
) -> None:
    item = lms.add_line_item("1").url
    for to, named in (
        ((), "--line-items"),
        (("--line-item", item), "--assignment"),
        (("--line-items", "http://lms.example/items"), "https"),
    ):
        wrong = send(to=to)
        assert (wrong.code, named in wrong.err) == (2, True), wrong.err
    other = send(to=("--assignment", "nothing", "--line-item", item))
    assert (other.code, "no assignment nothing" in other.err) == (1, True)
    (tmp_path / "key.pem").write_text("no key")
    unreadable = send()
    assert (unreadable.code, "key.pem has no private key" in unreadable.err) == (1, True)
    settings = tmp_path / "lms.toml"
    settings.write_text(settings.read_text().replace("http://127.0.0.1", "http://lms.example"))
    assert "token_url" in send().err
    assert (lms.posted, lms.tokens) == ([], {})
