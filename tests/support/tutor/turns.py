"""practice_turn without a server: its handlers' dependencies, and a student's call."""

from datetime import UTC, datetime
from functools import cache

from cryptography.fernet import Fernet

from functions.practice_turn.handler import Dependencies
from shared.domain.questions.algebra.port import NoAlgebra
from shared.firestore.rest_format import decode_source_data, decode_stored_session
from shared.ports.calls import Call, Caller, IdempotencyContext
from shared.sealing.fernet_box import FernetBox
from shared.sealing.practice_sealer import FernetPracticeSealer
from shared.sealing.template_sealer import FernetTemplateSealer
from shared.tutor.offline import OfflineTutor


@cache
def dependencies() -> Dependencies:
    box = FernetBox([Fernet.generate_key().decode()])
    return Dependencies(
        practice_sealer=FernetPracticeSealer(box, decode=decode_stored_session),
        template_sealer=FernetTemplateSealer(box),
        algebra=NoAlgebra,
        tutor_for=lambda _: OfflineTutor(),
        offline_tutor=OfflineTutor(),
        decode_template=decode_source_data,
        new_session_id=lambda: "session",
        new_uuid=lambda: "uuid",
    )


def a_call() -> Call:
    at = datetime.now(UTC)
    idempotency = IdempotencyContext("student", "practice_turn", None, "", at)
    return Call(Caller("student"), idempotency, at)
