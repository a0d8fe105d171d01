"""Practice templates and their answer keys."""
