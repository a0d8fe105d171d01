"""Lists with a filter, and the callers who may request them."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from tests.integration.rules.rest_client import Caller, structured
from tests.integration.rules.table import SIGNED_IN
from tests.support.queries import Filter


class Listing(NamedTuple):
    """The documents of a collection with a field's value; without a filter the one at `path`.

    With `in_group` they are those of every collection of its name.
    """

    path: str
    by: tuple[str, ...]
    where: Filter | None = None
    in_group: bool = False

    @property
    def name(self) -> str:
        group = " in its group" if self.in_group else ""
        return f"{self.path} listed{group} by {' '.join(map(str, self.where or ['name']))}"

    def asked(self, caller: Caller) -> int:
        """The HTTP status."""
        parent, _, collection = f"/{self.path.rpartition('/')[0]}".rpartition("/")
        if self.where and self.in_group:
            asked = structured(collection, where=[self.where], descendants=True)
            return caller.query(asked).status_code
        if self.where:
            asked = structured(collection, where=[self.where])
            return caller.query(asked, parent=parent).status_code
        named = {"fieldFilter": _named(caller.name(self.path))}
        return caller.query({**structured(collection), "where": named}, parent=parent).status_code


def _named(name: str) -> Mapping[str, Any]:
    field = {"fieldPath": "__name__"}
    return {"field": field, "op": "EQUAL", "value": {"referenceValue": name}}


LISTINGS = (
    Listing(
        "session_templates/private",
        by=("owner",),
        where=Filter("owner_id", "==", "owner"),
    ),
    Listing(
        "session_templates/stored before",
        by=("assigned",),
        where=Filter("student_ids", "array-contains", "assigned"),
    ),
    Listing(
        "session_templates/public",
        by=SIGNED_IN,
        where=Filter("visibility", "==", "public"),
    ),
    Listing(
        "practice_sessions/assigned",
        by=("student",),
        where=Filter("student_id", "==", "student"),
    ),
    Listing(
        "practice_sessions/assigned",
        by=("teacher",),
        where=Filter("teacher_id", "==", "teacher"),
    ),
    Listing(
        "question_reports/assigned",
        by=("student",),
        where=Filter("student_id", "==", "student"),
    ),
    Listing(
        "question_reports/assigned",
        by=("teacher",),
        where=Filter("teacher_id", "==", "teacher"),
    ),
    Listing(
        "classes/open",
        by=("teacher",),
        where=Filter("teacher_ids", "array-contains", "teacher"),
    ),
    Listing("classes/nulls", by=(), where=Filter("teacher_ids", "array-contains", None)),
    Listing(
        "classes/open/members/student",
        by=("owner", "teacher", "student", "other student"),
        where=Filter("status", "==", "active"),
    ),
    Listing(
        "classes/open/members/assigned",
        by=("owner", "teacher"),
        where=Filter("status", "==", "removed"),
    ),
    Listing(
        "classes/quiet/members/student",
        by=("owner", "teacher"),
        where=Filter("status", "==", "active"),
    ),
    Listing(
        "classes/open/members/student",
        by=("student",),
        where=Filter("student_id", "==", "student"),
        in_group=True,
    ),
    Listing(
        "classes/nulls/members/null",
        by=(),
        where=Filter("student_id", "==", None),
        in_group=True,
    ),
    Listing(
        "classes/open/members/student/more/deeper",
        by=(),
        where=Filter("student_id", "==", "student"),
    ),
    Listing(
        "classes/open/assignments/for all",
        by=("owner", "teacher", "student", "other student"),
        where=Filter("student_ids", "==", None),
    ),
    Listing(
        "classes/open/assignments/for some",
        by=("owner", "teacher", "student"),
        where=Filter("student_ids", "array-contains", "student"),
    ),
    Listing(
        "classes/open/assignments/for some",
        by=("owner", "teacher"),
        where=Filter("student_ids", "array-contains", "assigned"),
    ),
    Listing(
        "classes/nulls/assignments/null",
        by=(),
        where=Filter("student_ids", "array-contains", None),
    ),
    Listing(
        "classes/open/rows/student",
        by=("owner", "teacher", "student"),
        where=Filter("student_id", "==", "student"),
    ),
    Listing(
        "classes/open/rows/student",
        by=("student",),
        where=Filter("student_id", "==", "student"),
        in_group=True,
    ),
    Listing(
        "classes/nulls/rows/null",
        by=(),
        where=Filter("student_id", "==", None),
        in_group=True,
    ),
    Listing(
        "classes/open/audit/first",
        by=(),
        where=Filter("student_id", "==", "student"),
        in_group=True,
    ),
    Listing(
        "classes/open/live/student",
        by=("owner", "teacher"),
        where=Filter("student_id", "==", "student"),
    ),
    Listing(
        "practice_sessions/of class",
        by=("owner", "teacher"),
        where=Filter("class_id", "==", "open"),
    ),
    Listing(
        "practice_sessions/of class nulls",
        by=(),
        where=Filter("class_id", "==", "nulls"),
    ),
    # A document that may only be read by id is denied to a list that finds only it, too.
    # An assignment grants only the template by its id.
    Listing("session_templates/assigned", by=("owner",)),
    Listing("classes/open", by=("owner", "teacher")),
    Listing("classes/open/private/join", by=()),
    Listing(
        "classes/open/assignments/for all", by=("owner", "teacher", "student", "other student")
    ),
    Listing("classes/open/assignments/for some", by=("owner", "teacher", "student")),
    Listing("classes/open/assignments/for all/content/template", by=()),
    Listing("session_templates/private/private/source", by=()),
    Listing("session_templates/assigned/private/assigned", by=()),
    Listing("practice_sessions/assigned/state/current", by=()),
    Listing("students/student", by=()),
)
