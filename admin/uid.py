"""`uid`: finds the user ids of e-mail addresses, which assignments need."""

from typing import Annotated

import typer

from admin.accounts import Accounts
from admin.errors import CommandFailed
from admin.output import print_result
from admin.target import ProjectOption, Target


def uid(
    addresses: Annotated[
        list[str], typer.Argument(metavar="EMAIL...", help="The e-mail addresses of the people.")
    ],
    *,
    project: ProjectOption,
) -> None:
    """Print the user id of each e-mail address. Fails where one has no account."""
    target = Target(project)
    accounts = Accounts(target)
    target.announce()
    found = accounts.uids_of(addresses)
    print_result("User ids", {"project": project, "uids": found})
    if missing := [address for address in addresses if found[address] is None]:
        raise CommandFailed(f"{project} has no account {', '.join(missing)}.")
