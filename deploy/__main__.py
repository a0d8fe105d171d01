"""`python -m deploy --project P --region R [--dry-run]`."""

import shutil
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape

from deploy.functions import FUNCTIONS
from deploy.plan import plan
from deploy.project import Project, ProjectError, project_of
from deploy.run import Stopped, run, show

FAILED, USAGE, INTERRUPTED = 1, 2, 130
AGAIN = "What is done stays done: run the same command again, and it goes on from here."


def main(
    project: Annotated[str, typer.Option(help="The Google Cloud project's id.")],
    region: Annotated[
        str | None, typer.Option(help="Where the functions run; may be in the project's file.")
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Print every command and run none.")
    ] = False,
) -> None:
    """Deploys all of the back end. Values of a project are in deploy/projects/<project>.toml."""
    console = Console(soft_wrap=True)
    try:
        chosen = project_of(project, region)
    except ProjectError as error:
        console.print(f"[red]Nothing was done.[/] {escape(str(error))}")
        raise typer.Exit(USAGE) from error
    steps = plan(chosen)
    if dry_run:
        show(steps, console)
        return
    if not shutil.which("gcloud"):
        console.print("[red]Nothing was done.[/] gcloud is not installed: cloud.google.com/sdk")
        raise typer.Exit(USAGE)
    try:
        changed = run(steps, console)
    except Stopped as stopped:
        console.print(f"[red]Stopped.[/] {escape(str(stopped))}")
        console.print(f"[yellow]What to do:[/] {escape(stopped.otherwise)}\n{AGAIN}")
        raise typer.Exit(FAILED) from stopped
    except KeyboardInterrupt:
        console.print(f"\n[yellow]Interrupted.[/] {AGAIN}")
        raise typer.Exit(INTERRUPTED) from None
    console.print(f"\n[green]Deployed.[/] {changed} of {len(steps)} steps changed something.")
    _addresses(chosen, console)


def _addresses(project: Project, console: Console) -> None:
    for function in FUNCTIONS:
        console.print(f"  {project.url(function)}")
    console.print("docs/deploy.md says how to see that it works.")


if __name__ == "__main__":
    typer.run(main)
