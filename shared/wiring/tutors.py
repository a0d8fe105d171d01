"""The tutors: the one a turn asks, and the one that never fails."""

from functools import cache

from shared.ports.calls import Caller
from shared.tutor.language_model.client import ModelClient
from shared.tutor.language_model.model_call import ModelSettings
from shared.tutor.language_model.tutor import LanguageModelTutor
from shared.tutor.offline import OfflineTutor
from shared.tutor.ports import Tutor
from shared.wiring import limits
from shared.wiring.base import settings


@cache
def offline() -> Tutor:
    return OfflineTutor()


@cache
def _model() -> ModelClient:
    chosen = settings()
    return ModelClient(
        ModelSettings(
            api_key=chosen.openai_api_key,
            model=chosen.practice_model,
            base_url=chosen.openai_base_url,
            timeout_seconds=chosen.model_timeout_seconds,
            turn_seconds=chosen.model_timeout_seconds + 10,
        )
    )


def tutor(caller: Caller) -> Tutor:
    """The model's where there is a key for one; its time begins with the turn."""
    if not settings().openai_api_key:
        return offline()
    return LanguageModelTutor(_model(), limits.reserve(caller))
