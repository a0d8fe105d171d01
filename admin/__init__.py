"""Commands for the operators of a project, also of a local one: `python -m admin --help`."""
