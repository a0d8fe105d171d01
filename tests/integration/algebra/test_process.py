"""The algebra's process: what it decides, its limits, and what becomes of it when they are met."""

import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from shared.algebra.process import ROOT, AlgebraOfAnswer, AlgebraProcess
from shared.domain.questions.algebra.comparison import means_the_same
from shared.domain.questions.algebra.parsing import parse
from shared.domain.questions.algebra.tree import Node, difference

READY = "import sys, json; print('\"ready\"', flush=True); "


@pytest.fixture(scope="module")
def algebra() -> Iterator[AlgebraProcess]:
    process = AlgebraProcess()
    yield process
    process.close()


def identity(left: str, right: str) -> Node:
    return difference(parse(left), parse(right))


@pytest.mark.parametrize(
    ("key", "answer"),
    [
        ("1", "sin(x)^2 + cos(x)^2"),
        ("sin(2x)", "2sin(x)cos(x)"),
        ("e^(2x)", "(e^x)^2"),
        ("e^x·e^y", "e^(x+y)"),
        ("2ln(x)", "ln(x²)"),
        ("ln(6)", "ln 2 + ln 3"),
        ("log_2 8", "3"),
        ("|x|", "√(x²)"),
        ("1+√2", "√(3+2√2)"),
        ("π/4", "arctan(1)"),
        ("1/2", "sin 30°"),
        ("2^(x+1)", "2·2^x"),
        ("cos x", "sin(x + π/2)"),
        ("∛(-8)", "(-2)^1"),
        ("e^(i·π)", "-1"),
        ("sec(x)^2", "1 + tan²x"),
        ("cosh(x)^2 - sinh(x)^2", "1"),
        ("n·(n-1)!", "n!"),
    ],
)
def test_identities_hold(algebra: AlgebraProcess, key: str, answer: str) -> None:
    assert means_the_same(parse(answer), parse(key), algebra)


@pytest.mark.parametrize(
    ("key", "answer"),
    [
        ("√2", "1.41421356237309504880168872420969807857"),
        ("π", "3.14159265358979323846264338327950288"),
        ("e", "2.718281828459045"),
        ("640320^3 + 744", "e^(π·√163)"),
        ("x", "x + 10^(-20)"),
        ("sin(x)", "sin(x + 10^(-17))"),
    ],
)
def test_what_differs_by_little_differs(algebra: AlgebraProcess, key: str, answer: str) -> None:
    assert not means_the_same(parse(answer), parse(key), algebra)


def test_a_value_that_exists_nowhere_is_undecided(algebra: AlgebraProcess) -> None:
    assert algebra.is_zero(identity("ln(-x^2 - 1)", "sin(x)")) is None


def test_a_question_that_takes_too_long_ends_the_process_and_the_next_is_answered() -> None:
    process = AlgebraProcess(limit_seconds=1.5)
    try:
        began = time.monotonic()
        assert process.is_zero(identity("((((9^99)^99)^99)^99)^99·sin(1)", "x")) is None
        assert time.monotonic() - began < 20
        assert process.is_zero(identity("sin(x)^2 + cos(x)^2", "1")) is True
    finally:
        process.close()


@pytest.mark.parametrize(
    ("use", "error"),
    [("bytearray(2**30)", "MemoryError"), ("open('made', 'w').write('x' * 9999)", "OSError")],
)
def test_the_process_has_little_memory_and_writes_no_file(
    use: str, error: str, tmp_path: Path
) -> None:
    limited = "from shared.algebra.worker import limit_resources; import os; limit_resources()"
    program = f"{limited}; os.chdir({str(tmp_path)!r}); {use}"

    ended = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert ended.returncode == 1
    assert error in ended.stderr


@pytest.mark.parametrize(
    "program",
    [
        "sys.exit(1)",
        "import time; time.sleep(60)",
        READY + "sys.stdin.readline(); sys.exit(1)",
        READY + "sys.stdin.readline(); print('no JSON', flush=True); sys.stdin.readline()",
        READY + "sys.stdin.readline(); print('null', flush=True); sys.stdin.readline()",
        READY + "import time; time.sleep(60)",
    ],
)
def test_a_process_that_fails_leaves_the_question_undecided(program: str) -> None:
    command = (sys.executable, "-c", f"import sys; {program}")
    process = AlgebraProcess(limit_seconds=0.3, start_seconds=0.6, command=command)

    assert process.is_zero(identity("x", "y")) is None
    assert process.is_zero(identity("x", "y")) is None
    process.close()


class Slow:
    """Answers each question after some time."""

    def is_zero(self, value: Node) -> bool:
        time.sleep(0.2)
        return True


def test_an_answer_with_many_questions_has_its_time_behind_the_first() -> None:
    one_answer = AlgebraOfAnswer(Slow(), seconds=0.3)
    asked = [one_answer.is_zero(identity("x", "y")) for _ in range(20)]

    assert asked[0] is True
    assert asked[4:] == [None] * 16
    another = AlgebraOfAnswer(Slow(), seconds=60)
    assert [another.is_zero(identity("x", "y")) for _ in range(4)] == [True] * 4


def test_questions_of_several_threads_are_answered_one_by_one(algebra: AlgebraProcess) -> None:
    questions = [("sin(x)^2+cos(x)^2", str(n % 2 + 1)) for n in range(12)]
    with ThreadPoolExecutor(6) as threads:
        answers = list(threads.map(lambda pair: algebra.is_zero(identity(*pair)), questions))

    assert answers == [right == "1" for _, right in questions]


def test_the_process_has_no_secret(
    monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    seen = tmp_path_factory.mktemp("seen") / "environment"
    monkeypatch.setenv("OPENAI_API_KEY", "secret")
    program = f"import os; open({str(seen)!r}, 'w').write(repr(dict(os.environ))); {READY}"
    process = AlgebraProcess(command=(sys.executable, "-c", f"{program} sys.stdin.readline()"))

    process.is_zero(identity("x", "y"))
    process.close()

    assert "secret" not in seen.read_text()
