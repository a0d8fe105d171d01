"""The kinds of questions.

A new kind is a module here, a subclass of Question, and its entry in KINDS. Validation, sealing,
grading, the API document and the schema of a model's output follow from that.
"""

from collections.abc import Mapping

from shared.domain.questions.kinds.cloze import Cloze
from shared.domain.questions.kinds.expression import Expression
from shared.domain.questions.kinds.free_response import FreeResponse
from shared.domain.questions.kinds.matching import Matching
from shared.domain.questions.kinds.multi_select import MultiSelect
from shared.domain.questions.kinds.multiple_choice import MultipleChoice
from shared.domain.questions.kinds.numeric import Numeric
from shared.domain.questions.kinds.ordering import Ordering
from shared.domain.questions.kinds.self_rated import SelfRated
from shared.domain.questions.kinds.short_answer import ShortAnswer
from shared.domain.questions.question import Question

KINDS: Mapping[str, type[Question]] = {
    kind.kind_name(): kind
    for kind in (
        MultipleChoice,
        MultiSelect,
        Numeric,
        Expression,
        ShortAnswer,
        FreeResponse,
        SelfRated,
        Ordering,
        Matching,
        Cloze,
    )
}
