"""The command `plugins`, commands that plugins bring, and the option that leaves a plugin out."""

from __future__ import annotations

from collections.abc import Iterable
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
