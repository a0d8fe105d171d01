"""`python -m deploy --project P --region R [--dry-run]`."""

import shutil
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape

from deploy import web_app
from deploy.functions import FUNCTIONS
from deploy.plan import plan
from deploy.project import Project, ProjectError, load_project
from deploy.run import StepFailed, run, show

FAILED, USAGE_ERROR, INTERRUPTED = 1, 2, 130
RESUME = "Finished steps stay as they are: run the same command again to continue."


def main(
    project: Annotated[str, typer.Option(help="The Google Cloud project's id.")],
    region: Annotated[
        str | None, typer.Option(help="The functions' region; may be in the project's file.")
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Print every command and run none.")
    ] = False,
) -> None:
    """Deploys the back end. A project's own values are in deploy/projects/<project>.toml."""
    console = Console(soft_wrap=True)
    try:
        chosen = load_project(project, region)
    except ProjectError as error:
        console.print(f"[red]Nothing was done.[/] {escape(str(error))}")
        raise typer.Exit(USAGE_ERROR) from error
    steps = plan(chosen)
    if dry_run:
        show(steps, console)
        return
    if chosen.web and not web_app.is_built():
        console.print(f"[red]Nothing was done.[/] {escape(web_app.NOT_BUILT)}")
        raise typer.Exit(USAGE_ERROR)
    if not shutil.which("gcloud"):
        console.print("[red]Nothing was done.[/] gcloud is not installed: cloud.google.com/sdk")
        raise typer.Exit(USAGE_ERROR)
    try:
        changed = run(steps, console)
    except StepFailed as failure:
        console.print(f"[red]Stopped.[/] {escape(str(failure))}")
        console.print(f"[yellow]Advice:[/] {escape(failure.advice)}\n{RESUME}")
        raise typer.Exit(FAILED) from failure
    except KeyboardInterrupt:
        console.print(f"\n[yellow]Interrupted.[/] {RESUME}")
        raise typer.Exit(INTERRUPTED) from None
    console.print(f"\n[green]Deployed.[/] {changed} of {len(steps)} steps changed something.")
    _print_urls(chosen, console)


def _print_urls(project: Project, console: Console) -> None:
    for function in FUNCTIONS:
        console.print(f"  {project.url(function)}")
    for origin in project.web_origins:
        console.print(f"  {origin}/")
    console.print("docs/deploy.md describes how to verify the deployment.")


if __name__ == "__main__":
    typer.run(main)
