"""`send-scores`: the grades of a class for an LMS, by LTI 1.3."""

import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

import typer

from admin.errors import CommandFailed, UsageError
from admin.lti.journal import Journal, opened_journal, read_journal
from admin.lti.platform import is_service_address, read_key, read_platform
from admin.lti.sending import Due, LineItems, Outcome, Plan, Sending, plan_of, send
from admin.lti.service import LINE_ITEM_SCOPE, SCORE_SCOPE, LmsError, ScoreService
from admin.lti.users import read_users
from admin.output import print_result, progress_bar
from admin.target import (
    DatabaseId,
    ProjectOption,
    Target,
    Yes,
    class_id,
    optional_assignment_id,
)
from shared.domain.classes.assignment import Assignment
from shared.domain.gradebook.rows import Row
from shared.firestore.class_data import ClassData

CONTINUE = "Run the same command again to continue."


def _service_address(text: str | None) -> str | None:
    if text is not None and not is_service_address(text):
        raise typer.BadParameter("is not an address with https")
    return text


def send_scores(
    school_class: Annotated[
        str, typer.Argument(metavar="CLASS", help="The class's id.", callback=class_id)
    ],
    *,
    lms: Annotated[
        Path,
        typer.Option(help="The LMS's settings, in TOML.", exists=True, dir_okay=False),
    ],
    users: Annotated[
        Path,
        typer.Option(help="The students' ids in the LMS, in CSV.", exists=True, dir_okay=False),
    ],
    record: Annotated[
        Path,
        typer.Option(help="The file that remembers what was sent.", dir_okay=False),
    ],
    project: ProjectOption,
    database: DatabaseId = "(default)",
    assignment: Annotated[
        str | None,
        typer.Option(
            help="The id of the assignment to send.",
            callback=optional_assignment_id,
            show_default="all",
        ),
    ] = None,
    line_item: Annotated[
        str | None,
        typer.Option(
            metavar="URL",
            help="The line item of that assignment.",
            callback=_service_address,
        ),
    ] = None,
    line_items: Annotated[
        str | None,
        typer.Option(
            metavar="URL",
            help="The line items of the LMS's course: each assignment has its own, which is found "
            "by the assignment's id or created.",
            callback=_service_address,
        ),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only print what would be sent.")
    ] = False,
    yes: Yes = False,
) -> None:
    """Send the grades of a class to an LMS: those that it does not have yet."""
    if (line_item is None) == (line_items is None) or (line_item and not assignment):
        raise UsageError("Use --line-items, or --line-item together with --assignment.")
    target = Target(project, database)
    if not dry_run:
        target.require_confirmable(yes=yes)
    platform = read_platform(lms)
    scopes = [SCORE_SCOPE] if line_items is None else [LINE_ITEM_SCOPE, SCORE_SCOPE]
    service = ScoreService(platform, read_key(platform.key_file), scopes)
    known = read_users(users)
    assignments, rows = _gradebook(target, school_class, assignment)
    places = LineItems(service, line_item, line_items)
    report = _Report({**target.describe(), "class_id": school_class, "dry_run": dry_run})
    now = datetime.now(UTC)
    with _lms_errors_as_failures():
        if dry_run:
            sent = read_journal(record)
            report.plan = plan_of(rows, list(assignments.values()), places, known, sent, at=now)
            report.show({"scores": [each.describe() for each in report.plan.due]})
            return
        with opened_journal(record) as journal:
            plan = plan_of(rows, list(assignments.values()), places, known, journal.last, at=now)
            report.plan = plan
            if plan.due:
                host = urlsplit(line_item or line_items or "").hostname
                target.confirm(f"{len(plan.due)} scores will be sent to {host}.", yes=yes)
            with report.shown_at_the_end():
                _send(places.provide(plan.due, assignments), service, journal, report)
    report.require_complete()


def _gradebook(
    target: Target, school_class: str, assignment: str | None
) -> tuple[Mapping[str, Assignment], Sequence[Row]]:
    """The assignments to send, all that are not withdrawn by default, and the rows of the class.

    Raises CommandFailed.
    """
    data = ClassData(target.open_database(), school_class)
    if data.school_class() is None:
        raise CommandFailed(f"There is no class {school_class} in {target.project}.")
    found = data.assignments()
    if assignment is None:
        return {each: of for each, of in found.items() if of.archived_at is None}, data.rows()
    if assignment not in found:
        raise CommandFailed(f"There is no assignment {assignment} in class {school_class}.")
    return {assignment: found[assignment]}, data.rows()


@dataclass
class _Report:
    """What was done, as far as it was done. `about` are the fields with which it begins."""

    about: Mapping[str, Any]
    plan: Plan = field(default_factory=lambda: Plan([], 0, []))
    sendings: list[Sending] = field(default_factory=list)

    def count(self, outcome: Outcome) -> int:
        return sum(sending.outcome is outcome for sending in self.sendings)

    @property
    def left(self) -> int:
        return len(self.plan.due) - len(self.sendings)

    def show(self, more: Mapping[str, Any]) -> None:
        fields = {"unchanged": self.plan.unchanged, "unknown_students": self.plan.unknown}
        print_result("Scores for the LMS", {**self.about, **more, **fields})

    @contextmanager
    def shown_at_the_end(self) -> Iterator[None]:
        """Also where the LMS fails in the middle; after Ctrl-C as a line on stderr."""
        try:
            yield
        except KeyboardInterrupt:
            done = self.count(Outcome.SENT)
            print(
                f"Interrupted: {done} scores were sent, {self.left} are left. {CONTINUE}",
                file=sys.stderr,
            )
            raise
        except LmsError:
            self._show_sendings()
            raise
        self._show_sendings()

    def _show_sendings(self) -> None:
        refused = [s for s in self.sendings if s.outcome is Outcome.REFUSED]
        self.show(
            {
                "sent": self.count(Outcome.SENT),
                "already_there": self.count(Outcome.ALREADY_THERE),
                "left": self.left,
                "refused": [{**s.due.describe(), "why": s.why} for s in refused],
            }
        )

    def require_complete(self) -> None:
        """Raises CommandFailed where a score was refused, or a student is not known."""
        faults = []
        if refused := self.count(Outcome.REFUSED):
            faults.append(f"The LMS refused {refused} scores.")
        if unknown := self.plan.unknown:
            faults.append(f"Without an id of the LMS, not sent: {', '.join(unknown)}.")
        if faults:
            raise CommandFailed(" ".join(faults))


def _send(due: Sequence[Due], service: ScoreService, journal: Journal, report: _Report) -> None:
    with progress_bar("Sending scores", total=len(due)) as bar:
        for sending in send(due, service, journal, now=lambda: datetime.now(UTC)):
            report.sendings.append(sending)
            bar.advance()


@contextmanager
def _lms_errors_as_failures() -> Iterator[None]:
    try:
        yield
    except LmsError as error:
        raise CommandFailed(f"{error} {CONTINUE}") from error
