"""daily_pack: POST → 201 {pack, stored_session, resumed: false}, or 200 with resumed: true."""

from pydantic import BaseModel

from shared.contract.command import Command
from shared.contract.operation import Link, Operation, Tag
from shared.domain.common.errors import RateLimited
from shared.domain.common.fields import Label, TimeZone
from shared.domain.packs.pack import Pack, PackLimits
from shared.domain.practice.client_view import StoredSession
from shared.domain.students.local_days import DayBegins
from shared.environment import USUAL_USES, Use


class DailyPack(Command):
    """`timezone` decides which day it is, as it does for the streak; the default is the one that
    counts for the student's streak, else UTC. `day_begins` is kept as the student's setting, for
    streak and reviews too; like the time zone it changes at most once in 24 hours. `subject` takes
    templates of this subject alone. `more` draws the next portion of a pack that is done; without
    it a pack is made once a day.
    """

    timezone: TimeZone | None = None
    day_begins: DayBegins | None = None
    subject: Label | None = None
    limits: PackLimits = PackLimits()
    more: bool = False


class DailyPackReply(BaseModel):
    """`stored_session` is the state of the pack's session, for practice_turn; null where nothing is
    to be practised: the pack is done, or it is empty.
    """

    pack: Pack
    stored_session: StoredSession | None
    resumed: bool


OPERATION = Operation(
    function="daily_pack",
    request=DailyPack,
    replies={200: DailyPackReply, 201: DailyPackReply},
    tag=Tag.SESSIONS,
    place=5,
    summary="Get the pack of the day: what is due for review, and a little that is new",
    description="201 with a new pack, or the next portion of one; 200 with `resumed: true` and the "
    "pack as it is, and with `resumed: false` where nothing is due and nothing is new.",
    refusals=(RateLimited,),
    uses=USUAL_USES | {Use.SESSION_STARTS},
    links=(Link("get_next_item", {"session_id": "$response.body#/pack/session_id"}),),
    example={"timezone": "Europe/Berlin", "limits": {"review": 20, "new": 5}},
)
