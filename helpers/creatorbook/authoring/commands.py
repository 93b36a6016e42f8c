"""The commands `plugins …`, commands that plugins bring, and the option that leaves a plugin out."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from creatorbook.problems import Problem
from creatorbook.text.plain_text import for_terminal

plugins_app = typer.Typer(
    invoke_without_command=True, help="List the installed plugins: what each brings, and whether it is on."
)


def switched_off(names: list[str] | None) -> list[str] | None:
    """Leave plugins out of a call, before anything of them is loaded.

    Raises:
        Problem: there is no such plugin.
    """
    if names:
        from creatorbook import plugins

        plugins.switch_off(names)
    return names


#: an option of commands that use plugins
WithoutPlugins = Annotated[
    list[str] | None,
    typer.Option(
        "--no-plugin", metavar="NAME", callback=switched_off, help="Leave a plugin out; can be repeated."
    ),
]


class Commands(TyperGroup):
    """creatorbook's commands; another name may be a plugin's. Plugins are loaded only when one is asked for."""

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """The command of a name."""
        return super().get_command(ctx, cmd_name) or _brought(cmd_name, self.commands)


def _brought(name: str, taken: Iterable[str]) -> Any:
    """A plugin's command, or one of creatorbook's that is brought in the same way; whatever stops it names the plugin."""
    from creatorbook import plugins

    brought = plugins.commands(taken).get(name)
    if brought is None:
        return None
    command, release = _made(name, brought.run), brought.release
    invoke = command.invoke

    def named(context: Any) -> Any:
        try:
            return invoke(context)
        except (Problem, typer.Exit, typer.Abort, typer.BadParameter):
            raise
        except Exception as error:
            if not release:
                raise
            what = f"the command “{name}” of the plugin {release} does not work: {plugins.cause_of(error)}"
            raise Problem(what, todo="Update the plugin or uninstall it.") from error

    command.invoke = named
    return command


def _made(name: str, brought: Any) -> Any:
    if isinstance(brought, typer.Typer):
        return typer.main.get_command(brought)
    single = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
    single.command(name)(brought)
    return typer.main.get_command(single)


@plugins_app.callback()
def list_plugins(context: typer.Context) -> None:
    """List the installed plugins: version, what each brings, where it comes from, and whether it is on."""
    if context.invoked_subcommand is not None:
        return
    from creatorbook import plugins

    there = plugins.installed()
    brings = {plugin.name: plugins.hooks_of(plugin.name) for plugin in there if plugin.is_on}
    if not there:
        typer.echo("no plugin is installed; plugin_templates/README.md says how one is made")
    for plugin in there:
        hooks = ", ".join(hook.removeprefix("creatorbook_") for hook in brings.get(plugin.name, []))
        state = f"on, brings {hooks or 'nothing'}" if plugin.is_on else "off"
        typer.echo(for_terminal(f"{plugin.name}: {plugin.release}, {state}\n  from {plugin.source}"))


@plugins_app.command("new")
def new_plugin(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Where the plugin is made.")],
    kind: Annotated[str | None, typer.Option(help="What it brings: check, reader, theme, notebook …")] = None,
    data: Annotated[
        list[str] | None,
        typer.Option(metavar="KEY=VALUE", help="An answer, as name=“House check”; can be repeated."),
    ] = None,
    *,
    defaults: Annotated[
        bool, typer.Option("--defaults", help="Ask nothing: what is not answered has its default.")
    ] = False,
) -> None:
    """Make a plugin from a template; asks what the options do not answer."""
    from creatorbook.authoring.rendering import rendered

    answers = dict(_answer(text) for text in data or [])
    files = rendered(folder, answers | ({"kind": kind} if kind else {}), ask=not defaults)
    typer.echo(for_terminal(f"wrote {len(files)} files to {folder}; its README.md says what to change first"))
    typer.echo(for_terminal(f"Next: python3 workbook.py plugins try {folder}"))


@plugins_app.command("check")
def check_plugin(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A plugin's or an agency's folder.")],
) -> None:
    """Look a plugin over: structure, what it brings, README, packaging; nothing has to be installed.

    Exit codes: 0 nothing to mend, 1 something to mend, 2 the call was wrong.
    """
    from creatorbook.authoring.checking import looked_over

    verdict = looked_over(folder)
    for part in verdict.good:
        typer.echo(f"{part}: good")
    for fault in verdict.faults:
        typer.echo(for_terminal(fault))
    if verdict.faults:
        raise typer.Exit(1)


@plugins_app.command("try")
def try_plugin(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A plugin's or an agency's folder.")],
    out: Annotated[
        Path | None, typer.Option(help="Where reports and pictures go; else tried/ in the folder.")
    ] = None,
) -> None:
    """Print a sample client's report with a plugin and without it, and say what is different; nothing has to be installed.

    `try.yml` in the folder names the sample client, the stage and settings; files in `sample/` are laid over the client.

    Exit codes: 0 the plugin shows, 1 nothing of it shows or something was left out, 2 the call was wrong.
    """
    from creatorbook.authoring.trying import try_out

    shown = try_out(folder, out)
    for line in (*shown.remarks, *shown.left_out, *shown.changes.lines()):
        typer.echo(for_terminal(line))
    for picture in shown.pictures:
        typer.echo(for_terminal(f"picture {picture}"))
    if not shown.works:
        typer.echo(
            "nothing of the plugin shows" if not shown.changes else "something of the plugin was left out"
        )
        raise typer.Exit(1)


def _answer(text: str) -> tuple[str, str]:
    """Key and value of “key=value”.

    Raises:
        Problem: there is no “=”.
    """
    key, mark, value = text.partition("=")
    if not mark or not key.strip():
        raise Problem(f"“{text}” is no answer", todo="Write key=value, as name=“House check”.")
    return key.strip(), value
