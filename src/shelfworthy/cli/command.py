"""How a command shows what it takes, and says what of it is wrong: in our words, not our tools'."""

from typing import TYPE_CHECKING

from typer import BadParameter
from typer.core import TyperArgument, TyperCommand

if TYPE_CHECKING:
    from typer._click import Context, HelpFormatter


class OurCommand(TyperCommand):
    """A command whose usage line reads `audit [OPTIONS] [THING...]`, without types and braces."""

    def get_short_help_str(self, limit: int = 0) -> str:
        """What the list of all commands says: the first paragraph, whole."""
        return " ".join((self.help or "").split("\n\n")[0].split())

    def collect_usage_pieces(self, ctx: "Context") -> list[str]:
        """The words behind the command's name in the usage line."""
        shown = [
            one.display_name_raw if one.required else f"[{one.display_name_raw}]" for one in self._takes()
        ]
        return [self.options_metavar or "", *shown]

    def format_options(self, ctx: "Context", formatter: "HelpFormatter") -> None:
        """The sections of the help: what it takes, and its options."""
        if takes := self._takes():
            with formatter.section("Arguments"):
                formatter.write_dl([(one.display_name_raw, one.help or "") for one in takes])
        options = [one for one in self.get_params(ctx) if not isinstance(one, TyperArgument)]
        with formatter.section("Options"):
            formatter.write_dl([record for one in options if (record := one.get_help_record(ctx))])

    def parse_args(self, ctx: "Context", args: list[str]) -> list[str]:
        """Parse, and leave out of what is wrong how it was found."""
        try:
            return super().parse_args(ctx, args)
        except BadParameter as wrong:
            wrong.message = wrong.message.removeprefix("Value error, ")
            raise

    def _takes(self) -> list[TyperArgument]:
        return [one for one in self.params if isinstance(one, TyperArgument)]
