"""`role`: makes an account a teacher's, or an ordinary one."""

from enum import StrEnum
from typing import Annotated

import typer

from admin.accounts import ROLE_CLAIM, Accounts, with_role
from admin.output import print_result
from admin.target import ProjectOption, Target, Yes

EFFECTIVE = "at the next refresh of the ID token, within an hour"


class Role(StrEnum):
    TEACHER = "teacher"
    NONE = "none"


def role(
    who: Annotated[
        str, typer.Argument(metavar="UID", help="The user id; with --email, the e-mail address.")
    ],
    role: Annotated[Role, typer.Argument(help="The new role.")],
    *,
    project: ProjectOption,
    email: Annotated[bool, typer.Option("--email", help="UID is an e-mail address.")] = False,
    sign_out: Annotated[
        bool, typer.Option("--sign-out", help="Also sign the person out on all devices.")
    ] = False,
    yes: Yes = False,
) -> None:
    """Set or remove the role of a teacher. Other claims stay."""
    target = Target(project)
    target.require_confirmable(yes=yes)
    accounts = Accounts(target)
    target.announce()
    user = accounts.find(email=who) if email else accounts.find(uid=who)
    before = user.custom_claims or {}
    after = with_role(before, None if role is Role.NONE else role.value)
    changed = before != after
    if changed or sign_out:
        question = f"The role of {user.uid} changes: {before.get(ROLE_CLAIM, 'none')} -> {role}."
        target.confirm(question, yes=yes)
    if changed:
        accounts.set_claims(user.uid, after)
    if sign_out:
        accounts.sign_out(user.uid)
    print_result(
        "Role",
        {
            "project": project,
            "uid": user.uid,
            "email": user.email,
            "before": before.get(ROLE_CLAIM, "none"),
            "after": role.value,
            "changed": changed,
            "other_claims": sorted(after.keys() - {ROLE_CLAIM}),
            "signed_out": sign_out,
            "in_force": EFFECTIVE if changed else "already",
        },
    )
