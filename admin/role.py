"""`role`: who is a teacher."""

from enum import StrEnum
from typing import Annotated

import typer

from admin.accounts import ROLE, Accounts, with_role
from admin.output import result
from admin.target import Project, Target, Yes

IN_FORCE = "at the next refresh of the ID token, within an hour"


class Role(StrEnum):
    TEACHER = "teacher"
    NONE = "none"


def role(
    who: Annotated[str, typer.Argument(metavar="UID", help="User id; with --email, the address.")],
    role: Annotated[Role, typer.Argument(help="The role from now on.")],
    *,
    project: Project,
    email: Annotated[bool, typer.Option("--email", help="UID is an e-mail address.")] = False,
    sign_out: Annotated[
        bool, typer.Option("--sign-out", help="End the person's sessions on all devices too.")
    ] = False,
    yes: Yes = False,
) -> None:
    """Make somebody a teacher, or no longer one. Other claims stay."""
    target = Target(project)
    target.can_ask(yes=yes)
    accounts = Accounts(target)
    target.announce()
    user = accounts.find(email=who) if email else accounts.find(uid=who)
    before = user.custom_claims or {}
    after = with_role(before, None if role is Role.NONE else role.value)
    changed = before != after
    if changed or sign_out:
        question = f"{user.uid}: role {before.get(ROLE, 'none')} becomes {role.value}."
        target.confirm(question, yes=yes)
    if changed:
        accounts.set_claims(user.uid, after)
    if sign_out:
        accounts.sign_out(user.uid)
    result(
        "Role",
        {
            "project": project,
            "uid": user.uid,
            "email": user.email,
            "before": before.get(ROLE, "none"),
            "after": role.value,
            "changed": changed,
            "other_claims": sorted(after.keys() - {ROLE}),
            "signed_out": sign_out,
            "in_force": IN_FORCE if changed else "already",
        },
    )
