"""The packages that deployed code imports are dependencies of the project, not of its tests."""

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions

from local.processes import ROOT

DEPLOYED = [ROOT / "main.py", *(ROOT / "functions").rglob("*.py"), *(ROOT / "shared").rglob("*.py")]
OWN = {"functions", "shared"}
TYPES_ALONE = {"_typeshed"}  # known to the type checker, imported by nothing that runs


def imported() -> Iterator[str]:
    """The first part of each module that deployed code imports."""
    for file in DEPLOYED:
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Import):
                yield from (alias.name.partition(".")[0] for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                yield node.module.partition(".")[0]


def test_every_imported_package_is_declared() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    declared = {re.split(r"[^a-z0-9-]", name)[0] for name in project["dependencies"]}
    providers = {
        name: {found.lower().replace("_", "-") for found in distributions}
        for name, distributions in packages_distributions().items()
    }
    packages = set(imported()) - set(sys.stdlib_module_names) - OWN - TYPES_ALONE
    assert "werkzeug" in packages
    assert {name for name in packages if not providers.get(name, set()) & declared} == set()
