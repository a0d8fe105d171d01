"""Fixtures of a model server, and of clients of it with short time limits."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from shared.tutor.language_model.client import ModelClient, TurnAllowance
from shared.tutor.language_model.model_call import ModelSettings, Prompt
from shared.tutor.language_model.tutor import LanguageModelTutor
from testkit.model_server import ModelServer, replies_with, serving_model

NewModel = Callable[..., ModelClient]
NewTutor = Callable[[], LanguageModelTutor]

IMPATIENT = {
    "timeout_seconds": 5.0,
    "turn_seconds": 8.0,
    "first_pause_seconds": 0.01,
    "longest_pause_seconds": 1.5,
}


@pytest.fixture(scope="session")
def _server() -> Iterator[ModelServer]:
    with serving_model() as running:
        yield running


@pytest.fixture
def server(_server: ModelServer) -> ModelServer:
    _server.forget()
    return _server


def _model(server: ModelServer, **settings: Any) -> ModelClient:
    given = {"api_key": "sk-test", "model": "scripted", "base_url": server.url, **IMPATIENT}
    return ModelClient(ModelSettings(**{**given, **settings}))


@pytest.fixture(scope="session")
def model(_server: ModelServer) -> Iterator[ModelClient]:
    model = _model(_server, turn_seconds=60)
    _server.plays(replies_with("loaded"))
    model.ask(Prompt("", "{}", {}), TurnAllowance(model.settings))
    yield model
    model.close()


@pytest.fixture
def new_model(server: ModelServer, model: ModelClient) -> Iterator[NewModel]:
    """Makes clients with other settings than the shared one, after that is loaded."""
    made: list[ModelClient] = []

    def new(**settings: Any) -> ModelClient:
        made.append(_model(server, **settings))
        return made[-1]

    yield new
    for built in made:
        built.close()


@pytest.fixture
def new_tutor(model: ModelClient) -> NewTutor:
    """Makes one tutor for each turn, whose drafts nobody solves."""
    return lambda: LanguageModelTutor(model, solves_drafts=False)


@pytest.fixture
def new_solving_tutor(model: ModelClient) -> NewTutor:
    """Makes one tutor for each turn, as it is by default."""
    return lambda: LanguageModelTutor(model)
