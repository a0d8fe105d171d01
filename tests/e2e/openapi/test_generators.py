"""Clients that generators make of the API document, and linters of it.

Each is generated without a complaint. Those in Python and TypeScript practise against the stack.
"""

import json
import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from local.api import User
from local.processes import ROOT
from tests.support.answers import ok
from tests.support.rest_format import in_rest
from tests.support.typescript_client import TSC

DOCUMENT = ROOT / "docs" / "openapi.json"
LINTERS = Path(__file__).parent / "js" / "node_modules" / ".bin"
TEMPLATE = {
    "name": "Mine",
    "template_data": {"sections": [{"name": "All", "exercises": [{"name": "Scales"}]}]},
}
CONTENT = {"sections": [{"name": "All", "exercises": [{"id": "c-major", "name": "C major"}]}]}
# The generator says these for every document: 3.1 is beta, and a name is a word of the language.
USUAL_WARNINGS = ("support is still in beta", "(reserved word)", "Failed to get the schema name")

OPENAPI_GENERATOR_PYTHON = """
from openapi_client import ApiClient, ApiException, Configuration
from openapi_client.api.practice_without_end_api import PracticeWithoutEndApi
from openapi_client.api.sessions_api import SessionsApi
from openapi_client.models.complete_session import CompleteSession
from openapi_client.models.practice_turn import PracticeTurn
from openapi_client.models.problem import Problem
from openapi_client.models.start_session import StartSession
from openapi_client.models.update_progress import UpdateProgress

client = ApiClient(Configuration(host=given["url"], access_token=given["token"]))
sessions = SessionsApi(client)
body = {"name": "Blank", "session_data": given["content"], "timezone": "UTC"}
started = sessions.start_session(StartSession.from_dict(body))
session_id = started.session.session_id
items = [{"node_id": "c-major", "grade": "good"}]
update = UpdateProgress.from_dict({"session_id": session_id, "items": items})
updated = sessions.update_progress(update)
completed = sessions.complete_session(CompleteSession.from_dict({"session_id": session_id}))
context = {"session_context": {"source_data": given["template"]}}
practice = PracticeWithoutEndApi(client)
turn = practice.practice_turn(PracticeTurn.from_dict(context))
again = {"session_context": turn.session_context.to_dict(), "input": {"type": "hint"}}
hint = practice.practice_turn(PracticeTurn.from_dict(again))
by_rest = practice.practice_turn(PracticeTurn.from_dict({"session_context": given["by_rest"]}))
try:
    sessions.update_progress(update)
except ApiException as refused:
    problem = refused.data
assert isinstance(problem, Problem)
print(json.dumps({
    "next": started.next_item.actual_instance.node_id,
    "left": updated.next_item,
    "items": completed.summary.items_completed,
    "calls": [c.actual_instance.name for m in hint.messages
              for c in getattr(m.actual_instance, "tool_calls", [])],
    "seq": by_rest.session_context.stored_session.seq,
    "reason": problem.reason,
}))
"""

OPENAPI_PYTHON_CLIENT = """
from generated import AuthenticatedClient
from generated.api.practice_without_end import practice_turn
from generated.api.sessions import complete_session, start_session, update_progress
from generated.models import (
    AiMessage, CompleteSession, PracticeTurn, Problem, StartSession, UpdateProgress,
)

client = AuthenticatedClient(base_url=given["url"], token=given["token"])
body = {"name": "Blank", "session_data": given["content"], "timezone": "UTC"}
started = start_session.sync(client=client, body=StartSession.from_dict(body))
session_id = started.session.session_id
items = [{"node_id": "c-major", "grade": "good"}]
update = UpdateProgress.from_dict({"session_id": session_id, "items": items})
updated = update_progress.sync(client=client, body=update)
complete = CompleteSession.from_dict({"session_id": session_id})
completed = complete_session.sync(client=client, body=complete)
context = {"session_context": {"source_data": given["template"]}}
turn = practice_turn.sync(client=client, body=PracticeTurn.from_dict(context))
again = {"session_context": turn.session_context.to_dict(), "input": {"type": "hint"}}
hint = practice_turn.sync(client=client, body=PracticeTurn.from_dict(again))
read = PracticeTurn.from_dict({"session_context": given["by_rest"]})
by_rest = practice_turn.sync(client=client, body=read)
problem = update_progress.sync(client=client, body=update)
assert isinstance(problem, Problem)
print(json.dumps({
    "next": started.next_item.node_id,
    "left": updated.next_item,
    "items": completed.summary.items_completed,
    "calls": [c.name for m in hint.messages if isinstance(m, AiMessage) for c in m.tool_calls],
    "seq": by_rest.session_context.stored_session.seq,
    "reason": problem.reason,
}))
"""

TYPESCRIPT_FETCH = """
import {
  Configuration, PracticeWithoutEndApi, ProblemFromJSON, ResponseError, SessionsApi,
} from "./generated/index.js";

async function main(): Promise<void> {
const given = JSON.parse(process.argv[2]!);
const configuration = new Configuration({ basePath: given.url, accessToken: given.token });
const sessions = new SessionsApi(configuration);
const started = await sessions.startSession({
  startSession: { name: "Blank", sessionData: given.content, timezone: "UTC" },
});
const { sessionId } = started.session;
const updateProgress = { sessionId, items: [{ nodeId: "c-major", grade: "good" as const }] };
const updated = await sessions.updateProgress({ updateProgress });
const completed = await sessions.completeSession({ completeSession: { sessionId } });
const practice = new PracticeWithoutEndApi(configuration);
const turn = await practice.practiceTurn({
  practiceTurn: {
    sessionContext: {
      sourceData: {
        name: "Mine",
        templateData: { sections: [{ name: "All", exercises: [{ name: "Scales" }] }] },
      },
    },
  },
});
const hint = await practice.practiceTurn({
  practiceTurn: { sessionContext: turn.sessionContext, input: { type: "hint" } },
});
const byRest = await practice.practiceTurn({
  practiceTurn: { sessionContext: { storedSession: given.by_rest.stored_session } },
});
const refused: unknown = await sessions.updateProgress({ updateProgress }).catch((error) => error);
if (!(refused instanceof ResponseError)) throw new Error("It was not refused.");
const problem = ProblemFromJSON(await refused.response.json());
console.log(JSON.stringify({
  next: started.nextItem?.nodeId,
  left: updated.nextItem,
  items: completed.summary.itemsCompleted,
  calls: hint.messages.flatMap((m) => (m.type === "ai" ? m.toolCalls.map(({ name }) => name) : [])),
  seq: byRest.sessionContext.storedSession.seq,
  reason: problem.reason,
}));
}
void main();
"""
EXPECTED = {
    "next": "c-major",
    "left": None,
    "items": 1,
    "calls": ["hint_presentation", "question_presentation"],
    "seq": 1,
    "reason": "SESSION_NOT_ACTIVE",
}


def run(*command: str | Path, folder: Path) -> str:
    """The output, of errors too, of a command that must succeed."""
    tools = Path(sys.executable).parent
    ran = subprocess.run(
        command,
        cwd=folder,
        env={**os.environ, "PATH": f"{tools}{os.pathsep}{os.environ['PATH']}"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=180,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout
    return ran.stdout


def generate(language: str, folder: Path) -> Path:
    """The folder of the client, which the generator made without a complaint."""
    package = find_spec("openapi_generator_cli")
    assert package
    assert package.origin
    jar = Path(package.origin).with_name("openapi-generator.jar")
    made = folder / "generated"
    command = ("generate", "-i", DOCUMENT, "-g", language, "-o", made)
    printed = run("java", "-jar", jar, *command, folder=folder)
    complaints = [line for line in printed.splitlines() if "WARN" in line or "ERROR" in line]
    assert [c for c in complaints if not any(usual in c for usual in USUAL_WARNINGS)] == []
    return made


def given(student: User) -> str:
    person = {"url": student.stack.url, "token": student.token}
    begun = ok(student.call("practice_turn", {"session_context": {"source_data": TEMPLATE}}))
    by_rest = {"stored_session": in_rest(begun["session_context"]["stored_session"])}
    return json.dumps({**person, "content": CONTENT, "template": TEMPLATE, "by_rest": by_rest})


def run_python(script: str, student: User, folder: Path) -> Any:
    read = "import json, sys\ngiven = json.loads(sys.argv[1])\n"
    (folder / "scene.py").write_text(read + script)
    return json.loads(run(sys.executable, "scene.py", given(student), folder=folder))


@pytest.mark.parametrize("language", ["dart", "kotlin", "swift6"])
def test_openapi_generator_makes_clients_of_other_languages(language: str, tmp_path: Path) -> None:
    made = generate(language, tmp_path)
    sources = list(made.rglob("*"))
    for name in (
        "problem",
        "startsession",
        "sourcetemplate",
        "sourcedocument",
        "sentsession",
        "sessionvalue",
    ):
        assert any(name in source.stem.lower().replace("_", "") for source in sources), name


def test_openapi_generators_python_client_practises(student: User, tmp_path: Path) -> None:
    made = generate("python", tmp_path)
    assert run_python(OPENAPI_GENERATOR_PYTHON, student, made) == EXPECTED


def test_openapi_python_client_practises(student: User, tmp_path: Path) -> None:
    command = ("generate", "--path", DOCUMENT, "--output-path", tmp_path / "generated")
    options = ("--meta", "none", "--fail-on-warning")
    run(sys.executable, "-m", "openapi_python_client", *command, *options, folder=tmp_path)
    assert run_python(OPENAPI_PYTHON_CLIENT, student, tmp_path) == EXPECTED


def test_openapi_generators_typescript_client_compiles_and_practises(
    student: User, tmp_path: Path
) -> None:
    generate("typescript-fetch", tmp_path)
    (tmp_path / "scene.ts").write_text(TYPESCRIPT_FETCH)
    types = TSC.parents[1] / "@types"
    options = ("--strict", "--skipLibCheck", "--target", "es2022", "--lib", "es2022,dom")
    # The generated imports name no extension, which Node.js resolves in CommonJS.
    modules = ("--module", "commonjs", "--types", "node", "--typeRoots", str(types))
    run(TSC, *options, *modules, "--outDir", "out", "scene.ts", folder=tmp_path)
    printed = run("node", "out/scene.js", given(student), folder=tmp_path)
    assert json.loads(printed.splitlines()[-1]) == EXPECTED


def test_linters_have_no_warning(tmp_path: Path) -> None:
    assert LINTERS.is_dir(), "`make test` installs the linters first"
    checked = run(LINTERS / "redocly", "lint", "--format=json", DOCUMENT, folder=tmp_path)
    result = json.loads(checked[checked.index("{") : checked.rindex("}") + 1])
    assert result["problems"] == []
    (tmp_path / "rules.json").write_text('{"extends": ["spectral:oas"]}')
    options = ("--ruleset", "rules.json", "--fail-severity", "hint")
    run(LINTERS / "spectral", "lint", *options, DOCUMENT, folder=tmp_path)


def test_the_linters_lock_file_names_no_download_host() -> None:
    lock = json.loads((LINTERS.parents[1] / "package-lock.json").read_text())
    assert len(lock["packages"]) > 50
    assert [name for name, package in lock["packages"].items() if "resolved" in package] == []
