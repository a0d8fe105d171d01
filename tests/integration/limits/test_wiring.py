"""A process loads and builds as little as possible for its limits, and once."""

import json
import os
import subprocess
import sys
from typing import Any

import pytest

from local.processes import ROOT
from local.stack import free_port

PREPARE = """
import json, sys, threading
import functions.practice_turn.main
from shared.ports.calls import Caller
from shared.domain.common.errors import RateLimited
from shared.wiring import limits, token_budget

def loaded():
    return sorted({"grpc", "google.cloud.firestore_v1"} & set(sys.modules))

def no_body():
    raise AssertionError("turns are counted, not measured")

def admitted(caller):
    try:
        limits.admit_turn(caller, no_body)
    except RateLimited:
        return False
    return True
"""

ORDINARY = """
before = [admitted(Caller(f"student-{n}")) for n in range(14) for _ in range(14)]
ordinary = loaded()
fast = [admitted(Caller("fast")) for _ in range(20)]
print(json.dumps([all(before), ordinary, all(fast), loaded()]))
"""

ALONE = """
reserve = token_budget.reserve(Caller("sam"))
first = reserve(15_000)
second = reserve(15_000)
first.settle(1_000)
other = token_budget.reserve(Caller("ann"))(15_000)
turns = sum(admitted(Caller("sam")) for _ in range(200))
print(json.dumps([second is None, other is not None, turns in range(60, 121), loaded()]))
"""

TOGETHER = """
barrier = threading.Barrier(20)
found = []
def first_request():
    barrier.wait()
    token_budget.reserve(Caller("sam"))
    found.append(admitted(Caller("sam")))
threads = [threading.Thread(target=first_request) for _ in range(20)]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
caches = (limits._rate_limit, token_budget._token_budget)
print(json.dumps([sum(found), *(cache.cache_info().misses for cache in caches)]))
"""

STORING = """
import functions.create_template.main, functions.start_session.main, functions.update_progress.main

def counters_loaded():
    return "shared.limits.firestore_counters" in sys.modules

def written(admit, uid, size=0):
    try:
        admit(Caller(uid), lambda: size)
    except RateLimited as refused:
        return refused.detail.split()[2]
    return ""

few = {written(limits.admit_template_write, "few") for n in range(9)}
before = counters_loaded()
starts = [written(limits.admit_session_start, "starts") for n in range(101)]
writes = [written(limits.admit_template_write, "writes") for n in range(201)]
stored = [written(limits.admit_write, "stored", 1_000_000) for n in range(11)]
print(json.dumps([
    sorted(few), before, counters_loaded(), starts.count(""), writes.count(""), stored.count(""),
    starts[-1], writes[-1], stored[-1],
]))
"""

OFF_WRITES = """
import functions.create_template.main
admits = (limits.admit_template_write, limits.admit_session_start, limits.admit_write)
for admit in admits:
    for _ in range(3_000):
        admit(Caller("sam"), no_body)
print(json.dumps("shared.limits.firestore_counters" in sys.modules))
"""

OFF = """
from shared.tutor.language_model.client import unlimited
turns = all(admitted(Caller("sam")) for _ in range(1_000))
print(json.dumps([turns, token_budget.reserve(Caller("sam")) is unlimited, loaded()]))
"""


def printed(script: str, **settings: str) -> Any:
    ran = subprocess.run(
        [sys.executable, "-W", "error", "-c", PREPARE + script],
        cwd=ROOT,
        env={
            "PATH": os.environ["PATH"],
            "GOOGLE_CLOUD_PROJECT": "demo-wiring",
            "FIRESTORE_EMULATOR_HOST": f"127.0.0.1:{free_port()}",
            **settings,
        },
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout)


def test_a_database_client_is_loaded_only_for_students_near_the_limit() -> None:
    assert printed(ORDINARY, TURNS_PER_MINUTE="60") == [
        True,
        [],
        True,
        ["google.cloud.firestore_v1", "grpc"],
    ]


def test_writes_are_counted_by_setting_and_counters_loaded_when_a_share_is_due() -> None:
    chosen = {
        "TEMPLATE_WRITES_PER_DAY": "200",
        "SESSION_STARTS_PER_DAY": "100",
        "STORED_BYTES_PER_DAY": "10000000",
    }
    # The database is unreachable here, so that the process counts alone.
    few, before, after, *counted = printed(STORING, **chosen)
    assert (few, before, after) == ([""], False, True)
    # The day of a user may end meanwhile.
    admitted, refused = counted[:3], counted[3:]
    assert all(n in (most, most + 1) for n, most in zip(admitted, (100, 200, 10), strict=True))
    assert refused == ["100", "200", "10,000,000"] or admitted != [100, 200, 10]


@pytest.mark.parametrize(
    "off",
    [
        {},
        dict.fromkeys(
            ("TEMPLATE_WRITES_PER_DAY", "SESSION_STARTS_PER_DAY", "STORED_BYTES_PER_DAY"), "0"
        ),
    ],
    ids=["by default", "by setting"],
)
def test_a_local_stack_has_no_limits_of_writes(off: dict[str, str]) -> None:
    assert printed(OFF_WRITES, **off) is False


def test_a_process_without_shared_counters_never_loads_a_database_client() -> None:
    alone = {
        "LIMITS_SHARED": "false",
        "TURNS_PER_MINUTE": "60",
        "STUDENT_TOKENS_PER_DAY": "20000",
        "PROJECT_TOKENS_PER_DAY": "40000",
    }
    assert printed(ALONE, **alone) == [True, True, True, []]


def test_simultaneous_first_requests_share_one_limit() -> None:
    limits = {"TURNS_PER_MINUTE": "60", "STUDENT_TOKENS_PER_DAY": "20000"}
    assert printed(TOGETHER, **limits) == [20, 1, 1]


@pytest.mark.parametrize("turns", [{}, {"TURNS_PER_MINUTE": "0"}], ids=["by default", "by setting"])
def test_a_local_stack_has_no_limits(turns: dict[str, str]) -> None:
    assert printed(OFF, **turns) == [True, True, []]
