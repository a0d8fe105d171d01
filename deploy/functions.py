"""The functions as they are deployed: figures of a deployment, joined with the declarations."""

from collections.abc import Mapping
from dataclasses import dataclass

from shared.contract.operation import main_operation, uses_of
from shared.environment import SetBy, Use, Variable
from shared.settings import VARIABLES

# The Python that the tests run on.
RUNTIME = "python311"


@dataclass(frozen=True)
class Capacity:
    """The resources of one function's instances.

    `concurrency` requests share an instance; THREADS is set to it, since each takes a thread.
    `cpu` must be 1 or more where requests share an instance. `max_instances` bounds the cost of a
    flood of requests.
    """

    memory: str
    cpu: str
    concurrency: int
    timeout_seconds: int
    max_instances: int
    min_instances: int = 0


# A request takes a few milliseconds of CPU, a read and a commit. Twenty at once keep one CPU busy
# while they wait for Firestore; more would only queue for the interpreter. A process takes about
# 100 MiB; 512 MiB is the minimum of Cloud Run's second execution environment. Calls to Firestore
# end after 8 s and those for Google's keys after 3 s, so a healthy request never reaches 30 s.
STORING_CAPACITY = Capacity(
    memory="512Mi", cpu="1", concurrency=20, timeout_seconds=30, max_instances=20
)
# A turn that asks the model waits for it, for seconds: eighty at once, each in a thread. Eighty
# waiting turns were measured at 222 MiB, all libraries loaded. The process that compares answers in
# mathematics takes 53 MiB more, and at most 256. A stream ends itself after 120 s.
TURN_CAPACITY = Capacity(
    memory="512Mi", cpu="1", concurrency=80, timeout_seconds=150, max_instances=20
)
# One sweep at a time, up to a minute long: a second one would find only the work of the first.
SWEEP_CAPACITY = Capacity(
    memory="512Mi", cpu="1", concurrency=1, timeout_seconds=120, max_instances=1
)

# In the order of deployment: a function that reads what another begins to write comes before it.
CAPACITIES: Mapping[str, Capacity] = {
    "start_session": STORING_CAPACITY,
    "create_template": STORING_CAPACITY,
    "update_template": STORING_CAPACITY,
    "delete_template": STORING_CAPACITY,
    "update_progress": STORING_CAPACITY,
    "complete_session": STORING_CAPACITY,
    "get_next_item": STORING_CAPACITY,
    "report_question": STORING_CAPACITY,
    "create_class": STORING_CAPACITY,
    "update_class": STORING_CAPACITY,
    "join_class": STORING_CAPACITY,
    "remove_member": STORING_CAPACITY,
    "create_assignment": STORING_CAPACITY,
    "update_assignment": STORING_CAPACITY,
    "override_grade": STORING_CAPACITY,
    "void_item": STORING_CAPACITY,
    "practice_turn": TURN_CAPACITY,
    "assignment_turn": TURN_CAPACITY,
    "cleanup_stale_sessions": SWEEP_CAPACITY,
    # Every function above reads the sessions of packs.
    "daily_pack": STORING_CAPACITY,
}


@dataclass(frozen=True)
class Function:
    """One function, by the name of its folder."""

    name: str
    capacity: Capacity
    uses: frozenset[Use]

    @property
    def service(self) -> str:
        """The Cloud Run service behind the function, as Cloud Functions names it."""
        return self.name.replace("_", "-")

    @property
    def account(self) -> str:
        """A service account of its own, with the rights that the function needs and no more."""
        return f"fn-{self.service}"

    @property
    def is_public(self) -> bool:
        """Whether users call it. It verifies their tokens, which IAM does not know."""
        return Use.USERS in self.uses

    @property
    def stores(self) -> bool:
        """Whether it writes: a GET only reads."""
        return main_operation(self.name).method != "GET"

    @property
    def variables(self) -> tuple[Variable, ...]:
        """The variables that a deployment may set for this function."""
        return tuple(
            variable
            for variable in VARIABLES
            if variable.set_by is SetBy.DEPLOYMENT
            and (variable.use is None or variable.use in self.uses)
        )

    @property
    def settings(self) -> list[str]:
        return [variable.name for variable in self.variables if not variable.secret]

    @property
    def secrets(self) -> list[str]:
        return [variable.name for variable in self.variables if variable.secret]


FUNCTIONS = tuple(Function(name, capacity, uses_of(name)) for name, capacity in CAPACITIES.items())
