"""The visible state: the model writes what is hashed, and reads back what any version wrote."""

import json

import pytest
from pydantic_core import to_json

from local.examples import GUITAR_TEMPLATE, theory_template
from shared.domain.practice.client_view import StoredSession, client_view
from tests.support.tutor.playing import SEALER, Player, practice_on, right, wrong
from tests.unit.domain.samples import a_session

TEMPLATES = {"every kind": theory_template(), "without questions": GUITAR_TEMPLATE}


@pytest.mark.parametrize("name", TEMPLATES)
def test_a_stored_session_has_the_bytes_that_are_hashed(name: str) -> None:
    """Otherwise an unchanged session would differ from the view that it is compared with."""
    player = Player(practice_on(TEMPLATES[name]))
    player.present()
    for turn in range(25):
        player.answer((right if turn % 3 else wrong)(player.pending))
        fields = SEALER.seal(player.practice)
        stored = StoredSession.model_validate(fields).model_dump_json()
        assert stored.encode() == to_json(fields)
        del fields["seal"]
        assert to_json(fields) == to_json(client_view(player.practice))


def test_fields_of_a_newer_version_are_kept() -> None:
    """The seal binds them, so a function that reads and writes the session must not drop them."""
    player = Player(practice_on(theory_template()))
    player.present()
    form = json.loads(to_json(SEALER.seal(player.practice)))
    form["mood"] = {"of": ["the", "day"]}
    form["progress"]["minutes"] = 3
    form["skills"][0]["level"] = None
    form["blocks"][0]["questions"][0]["film"] = "a.mp4"

    session = a_session(stored_session=form)

    assert isinstance(session.stored_session, StoredSession)
    assert session.model_dump(mode="json")["stored_session"] == form
