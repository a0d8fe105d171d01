"""The tutors: the one that a turn asks, and the offline one that never fails."""

from functools import cache

from shared.ports.calls import Caller
from shared.tutor.language_model.client import ModelClient
from shared.tutor.language_model.model_call import ModelSettings
from shared.tutor.language_model.tutor import LanguageModelTutor
from shared.tutor.offline import OfflineTutor
from shared.tutor.ports import Tutor
from shared.wiring.environment import settings
from shared.wiring.token_budget import reserve


@cache
def offline_tutor() -> Tutor:
    return OfflineTutor()


def tutor_for(caller: Caller) -> Tutor:
    """The language model's tutor where it has a key; its time budget begins with the turn."""
    if not settings().openai_api_key:
        return offline_tutor()
    return LanguageModelTutor(_model(), reserve(caller), solves_drafts=settings().solve_drafts)


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
