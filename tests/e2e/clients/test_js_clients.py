"""The JavaScript clients, unmodified: LangGraph's SDK, and assistant-ui under jsdom."""

import json

from local.practice_client import BANK
from tests.e2e.clients.conftest import JS, RunScript, assert_two_turns
from tests.support.run_messages import question_of


def test_the_sdk_takes_two_turns_with_each_of_its_methods(run_script: RunScript) -> None:
    methods = run_script("sdk.js")
    assert list(methods) == ["waited", "waited in a thread", "streamed", "streamed in a thread"]
    for first, second in methods.values():
        assert_two_turns(first["messages"], second["messages"])
        stored = second["session_context"]["stored_session"]
        assert stored["current"]["question_id"] == question_of(second["messages"])["question_id"]
        assert second["usage"]["model_calls"] == 0
    first, second = methods["streamed"]
    assert first["events"] == ["metadata", "custom", "updates", "updates", "values", "end"]
    assert second["events"] == ["metadata", "updates", "updates", "values", "end"]


def graded(question_id: str) -> str:
    return "null" if BANK[question_id]["kind"] == "free_response" else "true"


def test_assistant_ui_shows_questions_in_a_tool_ui_and_sends_the_answers_of_its_user(
    run_script: RunScript,
) -> None:
    """An answer by form, one in writing, and an invalid one that is then corrected."""
    shown = run_script("assistant_ui.js")
    started, submitted, written, after_refusal, corrected = shown["screens"]

    (first,) = started["questions"]
    assert started["concepts"] != []
    assert started["feedback"] == []
    assert first["answered"] == "false"

    for before, after in ((started, submitted), (submitted, written), (after_refusal, corrected)):
        asked = before["questions"][-1]["question"]
        assert after["feedback"][-1] == {"feedback": asked, "correct": graded(asked)}
        assert [q["answered"] for q in after["questions"][:-1]] == ["true"] * len(
            before["questions"]
        )
        assert after["questions"][-1]["answered"] == "false"
        assert after["questions"][-1]["question"] != asked

    # The refused answer has no effect: the same question is pending and can be answered.
    (problem,) = shown["problems"]
    assert "INVALID_ARGUMENT" in problem
    assert after_refusal["feedback"] == written["feedback"]
    assert after_refusal["questions"][-1] == written["questions"][-1]

    custom = [data for event, data in shown["custom"] if event == "custom"]
    assert custom[0] == {"event": "generating_block"}
    ends = [data["status"] for event, data in shown["custom"] if event == "end"]
    assert ends == ["success"] * 5


def test_the_lock_file_names_no_download_host() -> None:
    lock = json.loads((JS / "package-lock.json").read_text())
    installed = [name for name in lock["packages"] if name]
    assert len(installed) > 50
    assert [name for name in installed if "resolved" in lock["packages"][name]] == []
