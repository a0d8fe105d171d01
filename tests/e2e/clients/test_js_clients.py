"""The JavaScript clients, unmodified: LangGraph's SDK, and assistant-ui in a browser's document."""

import json

from tests.e2e.clients.conftest import JS, RunScript, assert_two_turns
from tests.support.practice_client import BANK
from tests.support.run_messages import question_of


def test_the_sdk_takes_two_turns_by_each_way_it_has(run_script: RunScript) -> None:
    ways = run_script("sdk.js")
    assert list(ways) == ["waited", "waited in a thread", "streamed", "streamed in a thread"]
    for first, second in ways.values():
        assert_two_turns(first["messages"], second["messages"])
        stored = second["session_context"]["stored_session"]
        assert stored["current"]["question_id"] == question_of(second["messages"])["question_id"]
        assert second["usage"]["model_calls"] == 0
    first, second = ways["streamed"]
    assert first["events"] == ["metadata", "custom", "updates", "updates", "values", "end"]
    assert second["events"] == ["metadata", "updates", "updates", "values", "end"]


def graded(question_id: str) -> str:
    return "null" if BANK[question_id]["kind"] == "free_response" else "true"


def test_assistant_ui_shows_questions_in_a_tool_ui_and_sends_what_its_user_answers(
    run_script: RunScript,
) -> None:
    """A form sent, words written instead, a slip and how the student gets past it."""
    shown = run_script("assistant_ui.js")
    begun, sent, written, after_a_slip, at_last = shown["screens"]

    (first,) = begun["questions"]
    assert begun["concepts"] != []
    assert begun["feedback"] == []
    assert first["answered"] == "false"

    for before, after in ((begun, sent), (sent, written), (after_a_slip, at_last)):
        asked = before["questions"][-1]["question"]
        assert after["feedback"][-1] == {"feedback": asked, "correct": graded(asked)}
        assert [q["answered"] for q in after["questions"][:-1]] == ["true"] * len(
            before["questions"]
        )
        assert after["questions"][-1]["answered"] == "false"
        assert after["questions"][-1]["question"] != asked

    # Refused, the slip cost nothing: the same question again, and it can be answered.
    (problem,) = shown["problems"]
    assert "INVALID_ARGUMENT" in problem
    assert after_a_slip["feedback"] == written["feedback"]
    assert after_a_slip["questions"][-1] == written["questions"][-1]

    custom = [data for event, data in shown["custom"] if event == "custom"]
    assert custom[0] == {"event": "generating_block"}
    ends = [data["status"] for event, data in shown["custom"] if event == "end"]
    assert ends == ["success"] * 5


def test_the_lock_file_names_no_host_to_download_from() -> None:
    lock = json.loads((JS / "package-lock.json").read_text())
    installed = [name for name in lock["packages"] if name]
    assert len(installed) > 50
    assert [name for name in installed if "resolved" in lock["packages"][name]] == []
