"""The local stack as `make run` leaves it after its first start."""

from collections.abc import Iterator
from contextlib import contextmanager

from local.emulator import RULES
from local.run import create_examples
from local.stack import Stack, free_port, start_stack


@contextmanager
def start_example_stack() -> Iterator[Stack]:
    """A stack of its own on free ports, with the security rules, the people and their examples."""
    with start_stack(port=free_port(), firestore_port=free_port(), quiet=True) as stack:
        stack.emulator.load_rules(stack.project_id, RULES.read_text())
        create_examples(stack)
        yield stack
