"""The TypeScript client: its types match the API, and its driver works against a stack."""

import gzip
import json
import os
import re
import shutil
import subprocess
import tarfile
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

from local.api import User
from local.examples import theory_template
from local.processes import ROOT
from shared.domain.questions.kinds import KINDS
from tests.conftest import NewUser
from tests.support.queries import ME, client_queries
from tests.support.run_messages import ANSWERS
from tests.support.typescript_client import install_client

CLIENT = ROOT / "clients" / "typescript"
SCALES = {
    "name": "Daily scales",
    "template_data": {
        "sections": [
            {
                "name": "Warm-up",
                "exercises": [
                    {"id": "c-major", "name": "C major"},
                    {"id": "a-minor", "name": "A minor"},
                ],
            }
        ]
    },
}

LITE_COMPILER = ("--customConditions", "firestore-lite")
sdks = pytest.mark.parametrize(
    ("compiler", "node"),
    [((), ()), (LITE_COMPILER, ("--conditions=firestore-lite",))],
    ids=["full SDK", "lite SDK"],
)


def run(
    *command: str | Path, environment: dict[str, str] | None = None, folder: Path = CLIENT
) -> str:
    """The output of the command, which must succeed."""
    assert (CLIENT / "node_modules").is_dir(), "`make test` installs the client's packages first"
    done = subprocess.run(
        [str(word) for word in command],
        cwd=folder,
        env={**os.environ, **(environment or {})},
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    return done.stdout


def tool(name: str) -> Path:
    return CLIENT / "node_modules" / ".bin" / name


@pytest.fixture(scope="module")
def compiled() -> None:
    """The client and its tests, under the compiler's strictest settings."""
    run(tool("tsc"), "-p", "tsconfig.test.json")


def test_the_generated_files_match_the_api_the_documents_and_the_queries(tmp_path: Path) -> None:
    script = json.loads((CLIENT / "package.json").read_text())["scripts"]["generate"]
    programs: dict[str, str | Path] = {
        "openapi-typescript": tool("openapi-typescript"),
        "node": "node",
    }
    commands = script.split(" && ")
    assert len(commands) == 4
    for command in commands:
        program, *options = command.split()
        place = options.index("--output") + 1
        committed, fresh = CLIENT / options[place], tmp_path / Path(options[place]).name
        options[place] = str(fresh)
        run(programs[program], *options)
        assert fresh.read_text() == committed.read_text(), "npm run generate"


@sdks
def test_wrong_calls_do_not_compile(compiler: tuple[str, ...], node: tuple[str, ...]) -> None:
    """The compiler refuses a line without an error below `@ts-expect-error`."""
    run(tool("tsc"), "-p", "tsconfig.test.json", "--noEmit", *compiler)
    listed = run(tool("tsc"), "-p", "tsconfig.test.json", "--listFilesOnly")
    assert str(CLIENT / "test" / "types.ts") in listed
    assert (CLIENT / "test" / "types.ts").read_text().count("@ts-expect-error") > 30


APP = """
    import { initializeApp } from "firebase/app";
    import { getFirestore } from "firebase/firestore%s";
    import { PracticeSessionDriver } from "practice-client";

    const app = initializeApp({ projectId: "demo-practice" });
    const driver = new PracticeSessionDriver({
      functions: "/api",
      idToken: async () => "",
      firestore: getFirestore(app),
      uid: "sam",
    });
    export const names: Promise<string[]> = driver.sessions
      .list()
      .then(({ entries }) => entries.map(({ name }) => name));
"""
ESBUILD = ROOT / "tests" / "e2e" / "clients" / "js" / "node_modules" / ".bin" / "esbuild"


def kilobytes(folder: Path, source: str, *options: str) -> float:
    """The size of the program, bundled for browsers, minified and compressed."""
    (folder / "app.ts").write_text(source)
    bundle = folder / "app.js"
    usual = ("--bundle", "--minify", "--format=esm", "--log-level=error", f"--outfile={bundle}")
    run(ESBUILD, "app.ts", *usual, *options, folder=folder)
    return len(gzip.compress(bundle.read_bytes())) / 1_000


def type_check(folder: Path, source: str, *options: str) -> None:
    """Compiles the program as an app's own, under the strictest settings of the client's."""
    (folder / "app.ts").write_text(source)
    strictest = {"extends": str(CLIENT / "tsconfig.json"), "include": ["app.ts"]}
    changes = {"noEmit": True, "rootDir": "."}
    (folder / "tsconfig.json").write_text(json.dumps({**strictest, "compilerOptions": changes}))
    run(tool("tsc"), *options, folder=folder)


def test_an_app_with_the_condition_has_the_small_sdk_and_any_other_the_full_one(
    tmp_path: Path,
) -> None:
    install_client(tmp_path)
    (tmp_path / "package.json").write_text('{"type": "module"}')
    full, lite = APP % "", APP % "/lite"
    type_check(tmp_path, full)
    type_check(tmp_path, lite, *LITE_COMPILER)
    assert kilobytes(tmp_path, full) > 100
    small = kilobytes(tmp_path, lite, "--conditions=firestore-lite")
    assert small < 60
    # Live lists have the full SDK also in an app with the small one; bounds are a few numbers.
    live = """
        import { watchSession } from "practice-client/live";
        export const watch: typeof watchSession = watchSession;
    """
    bounds = """
        import { bounds } from "practice-client/bounds";
        export const longest: number = bounds.CreateTemplate.name.maxLength;
    """
    for source in (live, bounds):
        type_check(tmp_path, source, *LITE_COMPILER)
    assert kilobytes(tmp_path, live, "--conditions=firestore-lite") > 100
    assert kilobytes(tmp_path, bounds) < 2
    assert "CreateTemplate" in (tmp_path / "app.js").read_text()


@pytest.mark.usefixtures("compiled")
def test_the_bounds_are_those_of_the_api_document() -> None:
    script = "import('./build/src/bounds.js').then((m) => console.log(JSON.stringify(m.bounds)))"
    bounds = json.loads(run("node", "-e", script))
    schemas = json.loads((ROOT / "docs" / "openapi.json").read_text())["components"]["schemas"]
    assert {kind.title().replace("_", "") for kind in KINDS} < set(bounds) < set(schemas)
    assert bounds["Section"]["duration_minutes"] == {"minimum": 0, "maximum": 100_000}
    assert bounds["MultipleChoice"]["choices"] == {"minItems": 2, "maxItems": 20}
    for name, fields in bounds.items():
        assert set(fields) <= set(schemas[name]["properties"])
        for field, found in fields.items():
            assert not _leaves(found) - _leaves(schemas[name]["properties"][field])
    words = {word for fields in bounds.values() for found in fields.values() for word in found}
    assert words <= {"minLength", "maxLength", "pattern", "minimum", "maximum"} | {
        "exclusiveMinimum",
        "minItems",
        "maxItems",
        "x-maxBytes",
        "items",
    }


def _leaves(schema: Any) -> set[tuple[str, Any]]:
    """Each keyword with a number or a text as its value, at any depth."""
    if isinstance(schema, list):
        return {leaf for entry in schema for leaf in _leaves(entry)}
    if not isinstance(schema, dict):
        return set()
    inner = {leaf for value in schema.values() for leaf in _leaves(value)}
    return inner | {(w, v) for w, v in schema.items() if isinstance(v, int | float | str)}


FILTERS = {
    "status": "active",
    "origin": "assigned",
    "template_id": "t-1",
    "subject": "Music",
    "practice_mode": "exam",
    "root_id": "g-1",
    "parent_id": "g-1",
    "student_id": "sam",
}
EXPECT_ERROR = "// @ts-expect-error no query of docs/queries.json has these filters\n"


def listed_filters(person: str) -> set[frozenset[str]]:
    """The filters of the queries that list a person's sessions, as the client names them."""
    return {
        frozenset(f.field.replace("parent_ids", "parent_id") for f in query.where if f.value != ME)
        for query in client_queries()
        if query.collection == "practice_sessions" and query.order_by
        if any((f.field, f.value) == (person, ME) for f in query.where)
    }


def test_lists_of_sessions_take_exactly_the_filters_that_have_a_query(tmp_path: Path) -> None:
    calls = []
    for method, person in (("list", "student_id"), ("listOfStudents", "teacher_id")):
        listed = listed_filters(person)
        assert len(listed) > 7
        assert all(len(names) < 3 for names in listed)
        for size in range(4):
            for names in combinations(FILTERS, size):
                given = json.dumps({name: FILTERS[name] for name in names})
                expected = "" if frozenset(names) in listed else EXPECT_ERROR
                calls.append(f"{expected}sessions.{method}({given});")
    types = f'import type {{ Sessions }} from "{CLIENT}/src/index.js";'
    lines = [types, "declare const sessions: Sessions;", *calls]
    (tmp_path / "lists.ts").write_text("\n".join(lines))
    options = {"noEmit": True, "rootDir": "/"}
    config = {"extends": str(CLIENT / "tsconfig.json"), "compilerOptions": options}
    (tmp_path / "tsconfig.json").write_text(json.dumps({**config, "include": ["lists.ts"]}))
    run(tool("tsc"), folder=tmp_path)


def test_a_packed_client_is_built_complete_and_can_be_imported(tmp_path: Path) -> None:
    clean, installed = tmp_path / "clean", tmp_path / "node_modules"
    clean.mkdir()
    installed.mkdir()
    for name in ("src", ".npmrc", "package.json", "tsconfig.json"):
        copy = shutil.copytree if (CLIENT / name).is_dir() else shutil.copy
        copy(CLIENT / name, clean / name)
    (clean / "node_modules").symlink_to(CLIENT / "node_modules")
    run("npm", "pack", "--pack-destination", tmp_path, folder=clean)
    (archive,) = tmp_path.glob("*.tgz")
    with tarfile.open(archive) as packed:
        packed.extractall(installed, filter="data")
    package = (installed / "package").rename(installed / "practice-client")
    entries = json.loads((package / "package.json").read_text())["exports"]
    assert set(entries) == {".", "./bounds", "./live"}
    for exported in entries.values():
        assert all((package / file).is_file() for file in exported.values())
    maps = list(package.glob("dist/*.js.map"))
    assert len(maps) > 5
    for source_map in maps:
        for source in json.loads(source_map.read_text())["sources"]:
            assert (source_map.parent / source).is_file()

    for name in ("firebase", "@firebase", "eventsource-parser"):
        (installed / name).symlink_to(CLIENT / "node_modules" / name)
    for entry, name in {"": "PracticeSessionDriver", "/bounds": "bounds", "/live": "watch"}.items():
        script = f"import('practice-client{entry}').then((m) => console.log(Object.keys(m).join()))"
        assert name in run("node", "-e", script, folder=tmp_path)


def test_the_client_runs_on_each_version_of_node_that_it_claims(tmp_path: Path) -> None:
    for name in (".npmrc", "package.json", "package-lock.json"):
        shutil.copy(CLIENT / name, tmp_path / name)
    run("npm", "ci", "--engine-strict", "--dry-run", "--ignore-scripts", folder=tmp_path)
    # The same for versions that are not installed here.
    script = """
      const { subset } = require("semver");
      const { engines } = require("./package.json");
      const { packages } = require("./package-lock.json");
      for (const [path, { engines: needed }] of Object.entries(packages))
        if (needed?.node && !subset(engines.node, needed.node)) console.log(path, needed.node);
    """
    assert run("node", "-e", script) == ""


@sdks
@pytest.mark.usefixtures("compiled")
def test_the_driver_works_against_the_stack(
    compiler: tuple[str, ...],
    node: tuple[str, ...],
    student: User,
    teacher: User,
    user: NewUser,
) -> None:
    other, another = user("other"), user("another")
    assigned = {"student_ids": [student.uid]}
    templates = [
        teacher.call("create_template", {**template, **assigned}).json()["template"]["template_id"]
        for template in (SCALES, theory_template())
    ]
    environment = {
        "functions": student.stack.url,
        "firestore": student.stack.emulator.host,
        "project": student.stack.project_id,
        "lite": bool(node),
        **{
            name: {"uid": person.uid, "token": person.token}
            for name, person in {
                "student": student,
                "other": other,
                "another": another,
                "teacher": teacher,
            }.items()
        },
        "checklist": templates[0],
        "bank": templates[1],
        "answers": ANSWERS,
    }
    files = sorted((CLIENT / "build" / "test").glob("*.test.js"))
    output = run(
        "node",
        *node,
        "--test",
        "--test-reporter=tap",
        *files,
        environment={"PRACTICE_TEST": json.dumps(environment)},
    )
    sources = (CLIENT / "test").glob("*.test.ts")
    tests = sum(source.read_text().count("\ntest(") for source in sources)
    passed = re.search(r"^# pass (\d+)$", output, re.MULTILINE)
    assert passed
    assert int(passed[1]) >= tests > 20
    assert "# fail 0\n" in output


def test_the_lock_file_names_no_download_host() -> None:
    lock = json.loads((CLIENT / "package-lock.json").read_text())
    assert lock["packages"]["node_modules/firebase"]["integrity"]
    assert not [name for name, package in lock["packages"].items() if "resolved" in package]
