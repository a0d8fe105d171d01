"""Commands for whoever runs a project, the local one included: `python -m admin --help`."""
