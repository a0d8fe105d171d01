"""The table of settings in README.md."""

from shared.environment import Variable
from shared.settings import VARIABLES


def settings_table() -> str:
    """Variables with one default and one description share a row."""
    rows: dict[tuple[str, str], list[str]] = {}
    for variable in VARIABLES:
        rows.setdefault((_default(variable), variable.description), []).append(f"`{variable.name}`")
    lines = [
        f"| {' '.join(names)} | {default} | {description} |"
        for (default, description), names in rows.items()
    ]
    return "\n".join(["| variable | default | meaning |", "|---|---|---|", *lines])


def _default(variable: Variable) -> str:
    text = f"`{variable.default}`" if variable.default else "unset"
    demo = (
        "" if variable.demo_default is None else f"; `{variable.demo_default}` in `demo-` projects"
    )
    return (variable.default_words or text) + demo
