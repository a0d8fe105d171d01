"""The examples of the TypeScript client's README, compiled and run as printed, twice."""

import json
import re
import shutil
import subprocess
from pathlib import Path

from local.api import User
from local.processes import ROOT
from tests.e2e.clients.test_typescript_client import SCALES
from tests.support.answers import ok
from tests.support.documents import example
from tests.support.typescript_client import CLIENT, TSC, install_client

README = (CLIENT / "README.md").read_text()
STRICTEST = {
    "target": "ES2022",
    "module": "NodeNext",
    "lib": ["ES2022", "DOM"],
    "types": ["node"],
    "typeRoots": [str(CLIENT / "node_modules" / "@types")],
    "strict": True,
    "noUncheckedIndexedAccess": True,
    "exactOptionalPropertyTypes": True,
    "skipLibCheck": True,
    "outDir": "out",
    "rootDir": ".",
}


def run(*command: str | Path, folder: Path) -> str:
    ran = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, timeout=300, check=False
    )
    assert ran.returncode == 0, f"{ran.stdout}\n{ran.stderr}"
    return ran.stdout


def test_the_readmes_examples_compile_and_run_again_after_an_interruption(
    student: User, teacher: User, tmp_path: Path
) -> None:
    template = {**SCALES, "student_ids": [student.uid]}
    template_id = ok(teacher.call("create_template", template), 201)["template"]["template_id"]
    deployed, *local = re.findall(r"```ts\n(.*?)```", README, re.DOTALL)
    program = "\n".join(local).replace("demo-practice", student.stack.project_id)
    host, _, port = student.stack.emulator.host.rpartition(":")
    program = program.replace('"127.0.0.1", 8085', f'"{host}", {port}')
    program = program.replace("http://127.0.0.1:8080", student.stack.url)
    given = {"token": student.token, "uid": student.uid, "templateId": template_id}
    names = "".join(f"const {name} = {json.dumps(value)};\n" for name, value in given.items())
    before, begun, _ = program.partition("const { session_id } = session;\n")
    assert begun
    interrupted = f"{before}console.log(session.session_id, next_item);\nprocess.exit(0);\n"
    install_client(tmp_path)
    (tmp_path / "package.json").write_text('{"type": "module"}')
    (tmp_path / "tsconfig.json").write_text(json.dumps({"compilerOptions": STRICTEST}))
    (tmp_path / "deployed.ts").write_text(deployed)
    (tmp_path / "local.ts").write_text(names + program)
    imports = "import { InfinitePractice, PracticeProblem, PracticeSessionDriver, type TurnInput }"
    assert imports in interrupted
    (tmp_path / "interrupted.ts").write_text(names + interrupted)
    run(TSC, folder=tmp_path)

    assert "Nothing is begun." in run("node", "out/interrupted.js", folder=tmp_path)
    for expected in ("You were at c-major.", "Nothing is begun."):
        printed = run("node", "out/local.js", folder=tmp_path)
        assert expected in printed
        assert re.search(r"^2 done, \d+ XP, 0 verified$", printed, re.MULTILINE)
        assert "100 %" in printed
        assert "120 10000\ntrue\n" in printed
        assert re.search(r"^\d third$", printed, re.MULTILINE)
        assert re.search(r"^timezone: ", printed, re.MULTILINE)


def test_the_package_is_installed_as_printed(tmp_path: Path) -> None:
    """In a copy of the client, for an app beside it."""
    client, app = tmp_path / "clients" / "typescript", tmp_path / "app"
    unbuilt = shutil.ignore_patterns("node_modules", "dist", "build")
    shutil.copytree(CLIENT, client, ignore=unbuilt)
    app.mkdir()
    script = example("clients/typescript/README.md", "sh", under="TypeScript client")
    script = script.replace("/path/to/the/app", str(app))
    script = script.replace("/path/to/practice", f"{client}/practice")
    assert script.count(str(tmp_path)) == 2
    imports = "await Promise.all(['practice-client', 'firebase/firestore'].map((m) => import(m)))"
    program = f"const [client] = {imports}; console.log(Object.keys(client).join());"
    for _ in range(2):
        run("bash", "-euo", "pipefail", "-c", script, folder=tmp_path)
        printed = run("node", "--input-type=module", "-e", program, folder=app)
        assert "PracticeSessionDriver" in printed


def test_the_readme_names_the_tested_versions() -> None:
    package = json.loads((CLIENT / "package.json").read_text())
    assert f"practice-client-{package['version']}.tgz" in README
    assert f" firebase@{package['devDependencies']['firebase']}\n" in README
    assert (ROOT / "docs" / "documents.json").is_file()
