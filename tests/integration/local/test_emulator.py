"""The search for the emulator, in order of preference."""

import os
import sys
from pathlib import Path

import pytest

from local.emulator import COMPONENT_JAR, MISSING, Emulator, EmulatorError, find_jar, use_emulator
from local.stack import free_port


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine with nothing on PATH and no cache."""
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setenv("HOME", str(tmp_path))
    for variable in ("FIRESTORE_EMULATOR_HOST", "FIREBASE_EMULATORS_PATH"):
        monkeypatch.delenv(variable, raising=False)
    tmp_path.joinpath("bin").mkdir()
    return tmp_path


def program(home: Path, name: str, code: str) -> None:
    """An executable on PATH that records its calls."""
    calls = home / f"{name}-calls"
    path = home / "bin" / name
    path.write_text(
        f"#!{sys.executable}\n"
        "import sys, pathlib\n"
        f"open({str(calls)!r}, 'a').write(' '.join(sys.argv[1:]) + '\\n')\n"
        f"{code}\n"
    )
    path.chmod(0o755)


def calls(home: Path, name: str) -> list[str]:
    noted = home / f"{name}-calls"
    return noted.read_text().splitlines() if noted.exists() else []


def jar(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"")
    return path


def with_gcloud(home: Path) -> Path:
    root = home / "google cloud sdk"
    program(home, "gcloud", f"print({str(root)!r})")
    return jar(root / COMPONENT_JAR)


def cached(home: Path, version: str, *, at: int = 1_000) -> Path:
    path = jar(home / ".cache/firebase/emulators" / f"cloud-firestore-emulator-v{version}.jar")
    os.utime(path, (at, at))
    return path


def test_a_running_emulator_is_preferred_and_left_running(
    home: Path, emulator: Emulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_gcloud(home)
    monkeypatch.setenv("FIRESTORE_EMULATOR_HOST", emulator.host)
    for _ in range(2):
        with use_emulator(free_port()) as found:
            assert found == emulator
    assert calls(home, "gcloud") == []


def test_gclouds_component_is_preferred_to_the_cache(home: Path) -> None:
    component = with_gcloud(home)
    cached(home, "1.19.8")
    assert find_jar() == component
    assert calls(home, "gcloud") == ["info --format=value(installation.sdk_root)"]


@pytest.mark.parametrize(
    "gcloud",
    ["print('/nowhere')", "print('')", "raise SystemExit(1)"],
    ids=["without the component", "without a root", "failing"],
)
def test_the_cache_of_firebase_tools_is_used_without_gclouds_component(
    home: Path, gcloud: str
) -> None:
    program(home, "gcloud", gcloud)
    program(home, "firebase", "")
    found = cached(home, "1.19.8")
    assert find_jar() == found
    assert calls(home, "firebase") == []


def test_the_latest_version_in_the_cache_is_used(home: Path) -> None:
    cached(home, "1.9.9", at=1_000)
    latest = cached(home, "1.19.8", at=3_000)
    cached(home, "1.19.7", at=2_000)
    assert find_jar() == latest


def test_the_configured_cache_of_firebase_tools_is_used(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = jar(home / "elsewhere" / "cloud-firestore-emulator-v1.19.8.jar")
    monkeypatch.setenv("FIREBASE_EMULATORS_PATH", str(elsewhere.parent))
    assert find_jar() == elsewhere


def test_firebase_tools_download_an_emulator_as_the_last_resort(home: Path) -> None:
    target = home / ".cache/firebase/emulators/cloud-firestore-emulator-v1.19.8.jar"
    program(
        home,
        "firebase",
        f"path = pathlib.Path({str(target)!r})\n"
        "path.parent.mkdir(parents=True)\n"
        "path.write_bytes(b'')",
    )
    assert find_jar() == target
    assert calls(home, "firebase") == ["setup:emulators:firestore"]


@pytest.mark.parametrize("firebase", [None, "raise SystemExit(1)"], ids=["missing", "failing"])
def test_the_message_names_both_ways_when_no_emulator_is_found(
    home: Path, firebase: str | None
) -> None:
    if firebase:
        program(home, "firebase", firebase)
    with pytest.raises(EmulatorError) as missing:
        find_jar()
    assert str(missing.value) == MISSING
    assert "gcloud components install" in MISSING
    assert "firebase setup:emulators:firestore" in MISSING
