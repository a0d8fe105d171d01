"""A model server, and models that are asked of it with little patience."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from shared.tutor.calls import ModelSettings, Prompt
from shared.tutor.llm import LanguageModelTutor
from shared.tutor.model import Budget, Model
from tests.tutor.model_server import ModelServer, says, serving_model

NewModel = Callable[..., Model]
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


def _model(server: ModelServer, **settings: Any) -> Model:
    given = {"api_key": "sk-test", "model": "scripted", "base_url": server.url, **IMPATIENT}
    return Model(ModelSettings(**{**given, **settings}))


@pytest.fixture(scope="session")
def model(_server: ModelServer) -> Iterator[Model]:
    model = _model(_server, turn_seconds=60)
    _server.plays(says("loaded"))
    model.ask(Prompt("", "{}", {}), Budget(model.settings))
    yield model
    model.close()


@pytest.fixture
def new_model(server: ModelServer, model: Model) -> Iterator[NewModel]:
    """Makes models with other settings than the one of all tests, once that is loaded."""
    made: list[Model] = []

    def new(**settings: Any) -> Model:
        made.append(_model(server, **settings))
        return made[-1]

    yield new
    for built in made:
        built.close()


@pytest.fixture
def new_tutor(model: Model) -> NewTutor:
    """One for each turn."""
    return lambda: LanguageModelTutor(model)
