"""The functions that are deployed: as many as there are, with the rights that they use."""

import ast
from pathlib import Path

import pytest

from deploy.functions import CAPACITIES, FUNCTIONS, Function
from local.processes import ROOT
from shared.contract.operation import function_names
from shared.environment import Use

# The modules of shared.wiring that build the parts of the back end.
USE_OF = {"stores": Use.DATABASE, "seals": Use.SEALS, "tutors": Use.TUTOR}


def test_each_function_has_a_row_and_each_row_a_function() -> None:
    assert set(CAPACITIES) == set(function_names())


def wiring_imported(source: Path) -> set[str]:
    """The modules of shared.wiring that a module imports."""
    imports = [n for n in ast.walk(ast.parse(source.read_text())) if isinstance(n, ast.ImportFrom)]
    parts = {f"{n.module}.{a.name}" for n in imports for a in n.names}
    return {part.split(".")[2] for part in parts if part.startswith("shared.wiring.")}


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda function: function.name)
def test_a_function_declares_the_uses_that_its_entry_point_wires(function: Function) -> None:
    imported = wiring_imported(ROOT / "functions" / function.name / "main.py")
    assert imported
    used = {USE_OF[name] for name in imported if name in USE_OF}
    assert function.uses & set(USE_OF.values()) == used
