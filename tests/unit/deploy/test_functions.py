"""The deployed functions: every function there is, with the rights that it uses."""

import ast
from pathlib import Path

import pytest

from deploy.functions import CAPACITIES, FUNCTIONS, Function
from local.processes import ROOT
from shared.contract.operation import function_names
from shared.environment import Use

# The modules of shared.wiring that build the parts of the back end.
USE_OF = {
    "firestore": Use.DATABASE,
    "sealing": Use.SEALS,
    "tutor": Use.TUTOR,
    "limits": Use.LIMITS,
    "routes": Use.LIMITS,
}


def test_each_function_has_a_row_and_each_row_a_function() -> None:
    assert set(CAPACITIES) == set(function_names())


def test_readers_are_deployed_before_the_writers_of_what_they_read() -> None:
    order = list(CAPACITIES)

    assert order.index("start_session") < order.index("create_template")
    assert order.index("start_session") < order.index("update_template")


def wiring_imported(source: Path) -> set[str]:
    """The modules of shared.wiring that a module imports."""
    imports = [n for n in ast.walk(ast.parse(source.read_text())) if isinstance(n, ast.ImportFrom)]
    modules = {n.module or "" for n in imports}
    return {module.split(".")[2] for module in modules if module.startswith("shared.wiring.")}


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda function: function.name)
def test_a_function_declares_the_uses_that_its_entry_point_wires(function: Function) -> None:
    imported = wiring_imported(ROOT / "functions" / function.name / "main.py")
    assert imported
    used = {USE_OF[name] for name in imported if name in USE_OF}
    assert function.uses & set(USE_OF.values()) == used
