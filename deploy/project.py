"""The values of one project, from deploy/projects/<project>.toml, typed and checked."""

import tomllib
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from deploy.functions import FUNCTIONS, Function
from shared.settings import (
    COUNTED_LIMITS,
    FIELDS,
    LIMITS_DATABASE,
    Settings,
    SettingsError,
    load_settings,
)

PROJECTS = Path(__file__).parent / "projects"
SCHEDULER = "practice-scheduler"
BUILDER = "practice-builder"
ORIGINS, ANY_ORIGIN = "ALLOWED_ORIGINS", "*"

DEFAULT_DATABASE = "(default)"
# Stands for the value of every secret when settings are checked.
PLACEHOLDER = "k" * 43 + "="

ProjectId = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{4,28}[a-z0-9]$")]
Region = Annotated[str, Field(pattern=r"^[a-z]+-[a-z]+[0-9]+$")]
Version = Annotated[int, Field(ge=1)]
# Of a key, not the key's form, which is Google's.
ApiKey = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,200}$")]
SiteId = Annotated[str, Field(pattern=r"^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$")]
HostName = Annotated[
    str, Field(pattern=r"^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]*[a-z0-9])?$")
]
SignInMethod = Literal["password", "emailLink", "google"]
Instances = Annotated[int, Field(ge=0, le=1_000)]


class ProjectError(Exception):
    """The project's file is wrong. The message names the file and the problem."""


class WebApp(BaseModel):
    """The web app in Firebase Hosting. Nothing of it is secret: browsers get every value."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    api_key: ApiKey
    site: SiteId | None = None
    auth_domain: HostName | None = None
    domains: list[HostName] = []
    sign_in: Annotated[list[SignInMethod], Field(min_length=1)] = ["password"]
    name: Annotated[str, Field(max_length=100)] = ""


class Project(BaseModel):
    """A project's values. None is secret: of secrets it has the versions only."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    project: ProjectId
    region: Region
    database: str = DEFAULT_DATABASE
    database_location: str = ""
    limits_database: str = LIMITS_DATABASE
    settings: dict[str, str] = {}
    secrets: dict[str, Version] = {"PRACTICE_SEAL_KEYS": 1}
    min_instances: dict[str, Instances] = {}
    max_instances: dict[str, Instances] = {}
    alert_channels: list[str] = []
    web: WebApp | None = None

    @model_validator(mode="after")
    def _require_known_names(self) -> Self:
        names = {function.name for function in FUNCTIONS}
        settings = {name for function in FUNCTIONS for name in function.settings}
        secrets = {name for function in FUNCTIONS for name in function.secrets}
        for given, known, table in (
            (self.settings, settings - set(self.derived_settings(FUNCTIONS[0])), "settings"),
            (self.secrets, secrets, "secrets"),
            (self.min_instances, names, "min_instances"),
            (self.max_instances, names, "max_instances"),
        ):
            if unknown := sorted(set(given) - known):
                raise ValueError(f"{table}: {', '.join(unknown)} is not one of {sorted(known)}")
        if ("PRACTICE_MODEL" in self.settings) != ("OPENAI_API_KEY" in self.secrets):
            raise ValueError("settings.PRACTICE_MODEL and secrets.OPENAI_API_KEY go together")
        return self

    @model_validator(mode="after")
    def _require_what_the_web_app_can_use(self) -> Self:
        if self.web and self.database != DEFAULT_DATABASE:
            raise ValueError(f"web: the app reads the database {DEFAULT_DATABASE} alone")
        if self.web and "APP_CHECK_PROJECT_NUMBER" in self.settings:
            raise ValueError("web: the app sends no App Check tokens: APP_CHECK_PROJECT_NUMBER")
        return self

    @property
    def location(self) -> str:
        """The location of Firestore, which can't be changed later: a region, eur3 or nam5."""
        return self.database_location or self.region

    @property
    def shares_limits(self) -> bool:
        """Whether a function counts in Firestore, so that the database of the limits is needed."""
        return any(self.shares_limits_of(function) for function in FUNCTIONS)

    def shares_limits_of(self, function: Function) -> bool:
        """Whether the function has limits, and counts them in the database of the limits."""
        settings = self.settings_of(function)
        limits = [name for name in COUNTED_LIMITS if FIELDS[name].use in function.uses]
        return settings.limits_shared and any(getattr(settings, name) for name in limits)

    def email(self, account: str) -> str:
        return f"{account}@{self.project}.iam.gserviceaccount.com"

    def url(self, function: Function) -> str:
        """The function's URL, which is known before the function exists."""
        return f"{self.functions_origin}/{function.name}"

    @property
    def functions_origin(self) -> str:
        return f"https://{self.region}-{self.project}.cloudfunctions.net"

    @property
    def web_site(self) -> str:
        """The site of Hosting: that of the project's name is its first one."""
        return (self.web and self.web.site) or self.project

    @property
    def web_origins(self) -> list[str]:
        """Where browsers have the web app from; none without one."""
        if not self.web:
            return []
        hosts = [*self.web.domains, f"{self.web_site}.web.app", f"{self.web_site}.firebaseapp.com"]
        return [f"https://{host}" for host in hosts]

    @property
    def auth_domain(self) -> str:
        """The host that has the pages of Firebase Authentication."""
        return (self.web and self.web.auth_domain) or f"{self.project}.firebaseapp.com"

    @property
    def allowed_origins(self) -> str:
        """The given origins and those of the web app, which calls the functions from there."""
        given = [one.strip() for one in self.settings.get(ORIGINS, "").split(",") if one.strip()]
        own = [] if ANY_ORIGIN in given else self.web_origins
        return ",".join(dict.fromkeys([*given, *own]))

    def environment(self, function: Function) -> dict[str, str]:
        values = {**self.settings, **self.derived_settings(function)}
        if self.web:
            values[ORIGINS] = self.allowed_origins
        return {name: values[name] for name in function.settings if name in values}

    def derived_settings(self, function: Function) -> dict[str, str]:
        """The settings that follow from the rest; a project's file can't set them."""
        return {
            "GOOGLE_CLOUD_PROJECT": self.project,
            "THREADS": str(function.capacity.concurrency),
            "FIRESTORE_DATABASE": self.database,
            "LIMITS_DATABASE": self.limits_database,
            "CLEANUP_AUDIENCE": self.url(function),
            "CLEANUP_SERVICE_ACCOUNT": self.email(SCHEDULER),
            "CLEANUP_BEHIND_IAM": "true",
        }

    def secrets_of(self, function: Function) -> dict[str, int]:
        return {name: self.secrets[name] for name in function.secrets if name in self.secrets}

    def settings_of(self, function: Function) -> Settings:
        """The settings with which the function will start. Raises SettingsError."""
        secrets = dict.fromkeys(self.secrets_of(function), PLACEHOLDER)
        return load_settings(
            {
                "K_SERVICE": function.service,
                **self.environment(function),
                **secrets,
            },
            function.uses,
        )


def function_named(name: str) -> Function:
    return next(function for function in FUNCTIONS if function.name == name)


def load_project(project: str, region: str | None, *, folder: Path = PROJECTS) -> Project:
    """A project with the values of its file, with defaults if it has none. Raises ProjectError."""
    path = folder / f"{project}.toml"
    try:
        given = tomllib.loads(path.read_text()) if path.exists() else {}
        if region and given.get("region", region) != region:
            raise ProjectError(f"{path.name} says region {given['region']}, not {region}.")
        loaded = Project.model_validate({"region": region, **given, "project": project})
        for function in FUNCTIONS:
            loaded.settings_of(function)
    except (ValidationError, tomllib.TOMLDecodeError, SettingsError) as error:
        raise ProjectError(f"{path.name}: {error}") from error
    return loaded
