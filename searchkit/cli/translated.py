"""Click's commands, with headings, hints and complaints in the language of the person.

A command `name` takes its help text from the message `name_help` and its examples, one a line,
from `name_examples`.
"""

from collections.abc import Callable, Iterable
from typing import Any

import click

from searchkit.cli.messages import say

_WIDEST = 80
_NARROW = 60


class Formatter(click.HelpFormatter):
    """Lays out help, also in terminals narrower than click reckons with."""

    def __init__(self) -> None:
        from shutil import get_terminal_size

        super().__init__(width=max(20, min(get_terminal_size().columns, _WIDEST) - 2))

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """Write the usage line, under a translated head."""
        super().write_usage(prog, args, say("help_usage") if prefix is None else prefix)

    def write_heading(self, heading: str) -> None:
        """Write a heading, translated if it is one of click's."""
        ours = {"Options": "help_options", "Commands": "help_commands"}
        super().write_heading(say(ours[heading]) if heading in ours else heading)

    def write_dl(
        self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = 2
    ) -> None:
        """Write terms and their meanings, side by side where there is room."""
        narrow = max(6, self.width // 4)
        super().write_dl(list(rows), narrow if self.width < _NARROW else col_max, col_spacing)


class Context(click.Context):
    """A context whose help is laid out by our `Formatter`."""

    def make_formatter(self) -> click.HelpFormatter:
        """Return a formatter for the terminal of this moment."""
        return Formatter()


class Command(click.Command):
    """A command with examples after its options."""

    context_class = Context

    def __init__(self, *args: Any, examples: str = "", **attributes: Any) -> None:
        attributes.setdefault("options_metavar", say("help_options_metavar"))
        super().__init__(*args, **attributes)
        self.examples = examples.splitlines()

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """Return the option `--help`, described in the language of the person."""
        option = super().get_help_option(ctx)
        if option:
            option.help = say("help_help")
        return option

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the examples, each on a line of its own however long, so that it can be copied."""
        if self.examples:
            with formatter.section(say("help_examples")):
                for example in self.examples:
                    formatter.write(f"{'':{formatter.current_indent}}{example}\n")
        super().format_epilog(ctx, formatter)


class Group(Command, click.Group):
    """A group of commands that knows what a mistyped name was meant to be.

    `statuses` are what they end with, one a line.
    """

    def __init__(self, *args: Any, statuses: str = "", **attributes: Any) -> None:
        super().__init__(*args, **attributes)
        lines = (line.partition(" ") for line in statuses.splitlines())
        self.statuses = [(number, meaning) for number, _, meaning in lines]

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the examples, then the exit statuses."""
        super().format_epilog(ctx, formatter)
        if self.statuses:
            with formatter.section(say("help_exit_status")):
                formatter.write_dl(self.statuses)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Return the command that `args` begin with; UsageError names the nearest if none does."""
        name = args[0]
        names = self.list_commands(ctx)
        if not (name in names or name.startswith("-") or ctx.resilient_parsing):
            near = _did_you_mean(name, names)
            raise click.UsageError(say("error_no_command", name=name) + near, ctx)
        return super().resolve_command(ctx, args)


def command(name: str, **attributes: Any) -> Callable[[Callable[..., Any]], Command]:
    """Return a decorator that makes a function the command `name`."""
    key = name.replace("-", "_")
    return click.command(
        name,
        cls=Command,
        help=say(f"{key}_help"),
        short_help=say(f"{key}_short"),
        examples=say(f"{key}_examples"),
        **attributes,
    )


def complain(error: click.ClickException) -> None:
    """Print to standard error what was wrong with a command line, and where there is help."""
    context = error.ctx if isinstance(error, click.UsageError) else None
    if context:
        hint = say("error_try_help", command=context.command_path)
        click.echo(f"{context.get_usage()}\n{hint}\n", err=True)
    click.echo(say("error_usage", message=_complaint(error)), err=True)


def _complaint(error: click.ClickException) -> str:
    match error:
        case click.NoSuchOption():
            return say("error_no_option", name=error.option_name) + _advice(error)
        case click.MissingParameter(param=click.Argument() as argument):
            return say("error_missing", name=argument.human_readable_name)
        case click.BadParameter(param=click.Parameter() as parameter):
            name = "/".join(parameter.opts)
            if isinstance(parameter.type, click.Choice):
                choices = ", ".join(map(str, parameter.type.choices))
                return say("error_not_a_choice", name=name, choices=choices, said=error.message)
            return say("error_bad_value", name=name, said=error.message)
    return error.format_message()


def _advice(error: click.NoSuchOption) -> str:
    """Return where an option belongs that there is not here, or which was probably meant; or ""."""
    name, context = error.option_name, error.ctx
    if context is None:
        return ""
    root = context.find_root()
    path = context.command_path.removeprefix(root.command_path).lstrip()
    if name in _options_of(root.command):
        return " " + say("error_option_before", name=name, command=path)
    if isinstance(context.command, click.Group):
        group = context.command
        commands = group.list_commands(context)
        having = [c for c in commands if name in _options_of(group.get_command(context, c))]
        if having:
            command = f"{path} {having[0]}".lstrip()
            return " " + say("error_option_after", name=name, command=command)
    if not name.startswith("--") and not isinstance(context.command, click.Group):
        return " " + say("error_option_word")
    return _did_you_mean(name, _options_of(context.command))


def _options_of(command: click.Command | None) -> list[str]:
    params = command.params if command else []
    return [name for each in params if isinstance(each, click.Option) for name in each.opts]


def _did_you_mean(name: str, names: Iterable[str]) -> str:
    from difflib import get_close_matches

    near = get_close_matches(name, list(names), 1)
    return " " + say("error_did_you_mean", name=near[0]) if near else ""
