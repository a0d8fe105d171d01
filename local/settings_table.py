"""`python -m local.settings_table`: writes the table of settings in README.md."""

from local.processes import ROOT
from shared.environment import Variable
from shared.settings import VARIABLES

README = ROOT / "README.md"
BEGIN, END = "<!-- settings -->\n", "<!-- /settings -->\n"


def with_table(text: str) -> str:
    """The text with the table between its markers."""
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}{_table()}{END}{after}"


def _table() -> str:
    """Variables with one default and one description share a row."""
    rows: dict[tuple[str, str], list[str]] = {}
    for variable in VARIABLES:
        rows.setdefault((_default(variable), variable.description), []).append(f"`{variable.name}`")
    return "| variable | default | meaning |\n|---|---|---|\n" + "".join(
        f"| {' '.join(names)} | {default} | {description} |\n"
        for (default, description), names in rows.items()
    )


def _default(variable: Variable) -> str:
    text = f"`{variable.default}`" if variable.default else "unset"
    demo = (
        "" if variable.demo_default is None else f"; `{variable.demo_default}` in `demo-` projects"
    )
    return (variable.default_words or text) + demo


if __name__ == "__main__":
    README.write_text(with_table(README.read_text()))
