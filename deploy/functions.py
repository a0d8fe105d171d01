"""What each function is deployed with, and why."""

from dataclasses import dataclass

# The Python that the tests run on.
RUNTIME = "python311"


@dataclass(frozen=True)
class Function:
    """One function, by the name of its folder.

    `concurrency` requests share an instance; THREADS is set to it, since each takes a thread.
    `cpu` must be 1 or more where requests share an instance. `max_instances` bounds what a flood
    can cost. `stores` functions may use the practice database; `public` ones are called by users,
    whose tokens IAM does not know, and verify them themselves. `settings` and `secrets` are the
    environment, besides what every function has.
    """

    name: str
    memory: str
    cpu: str
    concurrency: int
    timeout_seconds: int
    max_instances: int
    settings: tuple[str, ...]
    secrets: tuple[str, ...] = ()
    min_instances: int = 0
    stores: bool = True
    public: bool = True

    @property
    def service(self) -> str:
        """The Cloud Run service behind it: Cloud Functions writes its name so."""
        return self.name.replace("_", "-")

    @property
    def account(self) -> str:
        """A service account of its own, so that each may do what it must and no more."""
        return f"fn-{self.service}"


# Settings of every function.
COMMON = (
    "GOOGLE_CLOUD_PROJECT",
    "THREADS",
    "LOG_LEVEL",
    "OTEL_EXPORTER_OTLP_ENDPOINT",
    "OTEL_TRACES_SAMPLER",
    "OTEL_TRACES_SAMPLER_ARG",
)
COMMON_SECRETS = ("OTEL_EXPORTER_OTLP_HEADERS",)
# Settings of those that users call.
_USERS = ("ALLOWED_ORIGINS", "APP_CHECK_PROJECT_NUMBER", "APP_CHECK_APP_IDS")
_STORES = ("FIRESTORE_DATABASE",)


def _storing(name: str, *, seals: bool = True) -> Function:
    """Short work: some milliseconds of CPU, a read and a commit.

    Twenty at once keep one CPU busy while they wait for Firestore; more would only queue for the
    interpreter. A process takes some 100 MiB; 512 MiB is the least that Cloud Run's second
    execution environment gives. Firestore is given up after 8 s and Google's keys after 3, so 30 s
    are never reached by a healthy request.
    """
    return Function(
        name=name,
        memory="512Mi",
        cpu="1",
        concurrency=20,
        timeout_seconds=30,
        max_instances=20,
        settings=(*_USERS, *_STORES),
        secrets=("PRACTICE_SEAL_KEYS",) if seals else (),
    )


FUNCTIONS = (
    _storing("create_template"),
    _storing("update_template"),
    _storing("delete_template", seals=False),
    _storing("start_session"),
    _storing("update_progress"),
    _storing("complete_session"),
    # Turns that ask the model do nothing but wait for it, for seconds: eighty at once, a thread
    # each. So many waiting turns were measured at 222 MiB, all libraries loaded. A stream ends
    # after 120 s by itself.
    Function(
        name="practice_turn",
        memory="512Mi",
        cpu="1",
        concurrency=80,
        timeout_seconds=150,
        max_instances=20,
        stores=False,
        settings=(
            *_USERS,
            "PRACTICE_MODEL",
            "OPENAI_BASE_URL",
            "MODEL_TIMEOUT_SECONDS",
            "TURNS_PER_MINUTE",
            "STUDENT_TOKENS_PER_DAY",
            "PROJECT_TOKENS_PER_DAY",
            "LIMITS_SHARED",
            "LIMITS_DATABASE",
        ),
        secrets=("PRACTICE_SEAL_KEYS", "OPENAI_API_KEY"),
    ),
    # One sweep at a time, up to a minute long; a second one would only find the first one's work.
    Function(
        name="cleanup_stale_sessions",
        memory="512Mi",
        cpu="1",
        concurrency=1,
        timeout_seconds=120,
        max_instances=1,
        public=False,
        settings=(
            *_STORES,
            "STALE_AFTER_MINUTES",
            "CLEANUP_AUDIENCE",
            "CLEANUP_SERVICE_ACCOUNT",
            "CLEANUP_BEHIND_IAM",
        ),
    ),
)

# What no deployment sets, and why.
NEVER_SET = {
    "K_SERVICE": "Cloud Run sets it",
    "FUNCTION_TARGET": "Cloud Functions sets it, to the entry point",
    "USER_KEYS_URL": "Google's is the only right one outside tests",
    "GOOGLE_KEYS_URL": "Google's is the only right one outside tests",
    "APP_CHECK_KEYS_URL": "Firebase's is the only right one outside tests",
    "FIRESTORE_EMULATOR_HOST": "a deployed function refuses to start with it",
    "FIREBASE_AUTH_EMULATOR_HOST": "a deployed function refuses to start with it",
    "LANGSMITH_TRACING": "a function refuses to start with it",
    "LANGSMITH_TRACING_V2": "a function refuses to start with it",
    "LANGCHAIN_TRACING": "a function refuses to start with it",
    "LANGCHAIN_TRACING_V2": "a function refuses to start with it",
}
