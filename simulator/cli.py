"""The command `simulator`: start, stop and steer a simulator. Heavy imports stay inside the commands that need them."""

import os
import re
import sys
from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from simulator import __version__
from simulator.config import DEFAULT_PORT, DEFAULT_WORLD, SERVICES

if TYPE_CHECKING:
    from simulator.hub import Hub

F = TypeVar("F", bound=Callable[..., Any])
SECONDS = {"s": 1, "m": 60, "h": 3_600, "d": 86_400, "w": 604_800}


class PlainError(click.ClickException):
    """One plain line on stderr and exit code 1."""

    def show(self, file: Any = None) -> None:
        click.echo(self.message, err=True)


class Commands(click.Group):
    """The commands; what they refuse is said in one line, without a traceback."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted([*super().list_commands(ctx), *(["import"] if find_spec("simulator.csv_import") else [])])

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name == "import" and find_spec("simulator.csv_import"):
            found: click.Command = import_module("simulator.csv_import").import_command
            return found
        return super().get_command(ctx, cmd_name)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except Exception as error:
            from simulator.hub import HubError
            from simulator.launcher import LauncherError

            if isinstance(error, HubError | LauncherError):
                raise PlainError(str(error)) from None
            raise


def duration(text: str) -> int:
    """So many seconds of 90d, 2h30m, 45s, or a bare number."""
    if text.isdecimal():
        return int(text)
    if not re.fullmatch(r"(\d+[smhdw])+", text.lower()):
        raise click.BadParameter(f"{text!r} is no length of time such as 90d, 12h or 1h30m.")
    return sum(int(number) * SECONDS[unit] for number, unit in re.findall(r"(\d+)([smhdw])", text.lower()))


def default_data() -> Path:
    """`SIMULATOR_DATA`; else `var` in the checkout this runs from, or in the folder at hand when installed."""
    checkout = Path(__file__).parent.parent
    home = checkout if (checkout / "pyproject.toml").exists() else Path.cwd()
    return Path(os.environ.get("SIMULATOR_DATA") or home / "var").resolve()


def running_hub(data: Path | None) -> tuple["Hub", str]:
    """The hub of the simulator on a data folder, and the world it shows first."""
    from simulator import running
    from simulator.hub import Hub

    folder = data.resolve() if data else default_data()
    run = running.read(folder)
    if run is None:
        raise PlainError(f"No simulator runs on {folder}; start one with: simulator up")
    return Hub(run.urls, os.environ.get("SIMULATOR_ADMIN_TOKEN")), run.world


data_option = click.option("--data", type=click.Path(file_okay=False, path_type=Path), help="Folder of the data (var).")


def steers(command: F) -> F:
    """Options of a command that acts on one world of a running simulator."""
    world_option = click.option("--world", help="The world to act on; the first one unless given.")
    return world_option(data_option(command))


def chosen(data: Path | None, world: str | None) -> tuple["Hub", str]:
    hub, first = running_hub(data)
    return hub, world or first


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(__version__, prog_name="simulator")
def main() -> None:
    """A local stand-in for Zoho CRM and Zoho Invoice, with the connector between them."""


@main.command()
@click.option("--port", default=DEFAULT_PORT, show_default=True, help="First of four ports in a row.")
@data_option
@click.option("--scenario", help="What the first world is made from (demo).")
@click.option("--fresh", is_flag=True, help="Throw the data away and start over.")
@click.option("--shared", is_flag=True, help="Let other machines in, with passwords and an admin token.")
@click.option("--without", multiple=True, type=click.Choice(["connector"]), help="Leave a service out.")
@click.option("--connector-url", help="Where your own connector answers the screens (with --without connector).")
@click.option("--hook-url", help="Where Invoice asks your own connector for a CRM record (with --without connector).")
@click.option("--notify-url", help="Where the CRM tells your own connector of changes (with --without connector).")
@click.option("--detach", is_flag=True, help="Return once all is ready and leave it running.")
@click.option("--stop", "stop_it", is_flag=True, help="Stop the simulator that runs on the data.")
@click.option("--reload", is_flag=True, help="Restart services when their sources change; show their output.")
def up(data: Path | None, stop_it: bool, connector_url: str | None, **options: Any) -> None:
    """Start everything and say who can sign in; Ctrl-C stops it."""
    from simulator import up as program
    from simulator.launcher import Plan

    if stop_it:
        return _stop(data)
    own = {name: options[name] for name in ("hook_url", "notify_url") if options[name]}
    if own and "connector" not in options["without"]:
        raise PlainError("--hook-url and --notify-url are for a connector of your own: start --without connector.")
    given = {service: os.environ.get(f"{service.upper()}_URL") for service in SERVICES}
    given["connector"] = connector_url or given["connector"]
    plan = Plan(
        data=data.resolve() if data else default_data(),
        port=options["port"],
        shared=options["shared"],
        world=os.environ.get("SIMULATOR_WORLD", DEFAULT_WORLD),
        without=options["without"],
        fresh=options["fresh"],
        addresses={service: address.rstrip("/") for service, address in given.items() if address},
    )
    program.run(plan, scenario=options["scenario"], detach=options["detach"], reload=options["reload"], own=own)


@main.command()
@data_option
def stop(data: Path | None) -> None:
    """Stop the simulator that runs on the data."""
    _stop(data)


def _stop(data: Path | None) -> None:
    from simulator.launcher import stop_running

    folder = data.resolve() if data else default_data()
    click.echo("Stopped." if stop_running(folder) else f"No simulator runs on {folder}.")


@main.command("exec", context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False})
@click.option("--scenario", default="demo", show_default=True, help="What the world is made from.")
@click.option("--without", multiple=True, type=click.Choice(["connector"]), help="Leave a service out.")
@click.argument("command", nargs=-1, required=True, type=click.UNPROCESSED)
def execute(scenario: str, without: tuple[Any, ...], command: tuple[str, ...]) -> None:
    """Run a command against a fresh simulator of its own, then throw that away.

    The command finds CRM_URL, INVOICE_URL, CONNECTOR_URL, WEB_URL and SIMULATOR_CREDENTIALS (JSON) in its environment.
    """
    from simulator import up as program

    sys.exit(program.run_command(list(command), scenario, without))


@main.group()
def world() -> None:
    """Make, list and delete worlds: make-believe companies that know nothing of each other."""


@world.command("create")
@click.argument("world_id", required=False)
@click.option("--scenario", default="demo", show_default=True)
@click.option("--name", default="", help="What people call it.")
@click.option("--json", "as_json", is_flag=True, help="Print the credentials of the new world.")
@data_option
def create_world(world_id: str | None, scenario: str, name: str, as_json: bool, data: Path | None) -> None:
    """Make a world; its id is eight of a-z and 0-9, made up unless given."""
    from simulator.hub import new_world_id

    hub, _ = running_hub(data)
    made = world_id or new_world_id()
    hub.create_world(made, scenario, name)
    _print_json(hub.credentials(made)) if as_json else click.echo(made)


@world.command("list")
@data_option
def list_worlds(data: Path | None) -> None:
    """List the worlds with their scenarios."""
    from simulator.up import aligned

    hub, _ = running_hub(data)
    rows = [(each["id"], each["name"], each["scenario"], each["created_at"][:19]) for each in hub.worlds()]
    click.echo(aligned([("World", "Name", "Scenario", "Made at"), *rows]))


@world.command("delete")
@click.argument("world_id")
@data_option
def delete_world(world_id: str, data: Path | None) -> None:
    """Delete a world with its snapshots."""
    running_hub(data)[0].delete_world(world_id)


@main.command()
@steers
def reset(data: Path | None, world: str | None) -> None:
    """Put a world back to the scenario it was made from."""
    hub, world = chosen(data, world)
    hub.reset(world)
    click.echo(f"World {world} is as it was made.")


@main.command()
@click.argument("name", required=False)
@steers
def snapshot(name: str | None, data: Path | None, world: str | None) -> None:
    """Keep the state of a world under NAME; without a name, list what is kept."""
    hub, world = chosen(data, world)
    if name is None:
        return click.echo("\n".join(each["name"] for each in hub.snapshots(world)) or "No snapshots.")
    hub.snapshot(world, name)
    click.echo(f"Kept world {world} as {name}.")


@main.command()
@click.argument("name")
@steers
def restore(name: str, data: Path | None, world: str | None) -> None:
    """Put a world back to the snapshot NAME, its clock too."""
    hub, world = chosen(data, world)
    hub.restore(world, name)
    click.echo(f"World {world} is as kept in {name}.")


@main.group(invoke_without_command=True)
@steers
@click.pass_context
def clock(ctx: click.Context, data: Path | None, world: str | None) -> None:
    """Show the time of a world, or move it (only forward; reset and restore bring it back)."""
    ctx.obj = chosen(data, world)
    if ctx.invoked_subcommand is None:
        _print_clock(ctx.obj[0].clock(ctx.obj[1]))


@clock.command()
@click.argument("by", type=duration)
@click.option("--each", is_flag=True, help="List each event on the way, not one line for each kind.")
@click.option("--json", "as_json", is_flag=True, help="As JSON, for programs.")
@click.pass_obj
def advance(target: tuple["Hub", str], by: int, each: bool, as_json: bool) -> None:
    """Move the time forward, e.g. by 90d, 12h or 1h30m; what falls due on the way happens at its own moment."""
    hub, world = target
    happened = hub.advance(world, by)
    if as_json:
        return _print_json({"clock": hub.clock(world), "happened": happened})
    _print_clock(hub.clock(world))
    if happened:
        from simulator.happened import told_by_kind, told_each

        click.echo(f"\nOn the way:\n\n{told_each(happened) if each else told_by_kind(happened)}")


@clock.command()
@click.pass_obj
def freeze(target: tuple["Hub", str]) -> None:
    """Stop the time."""
    _print_clock(target[0].freeze(target[1]))


@clock.command()
@click.pass_obj
def unfreeze(target: tuple["Hub", str]) -> None:
    """Let the time run again."""
    _print_clock(target[0].unfreeze(target[1]))


@main.command()
@click.option("--json", "as_json", is_flag=True, help="As JSON, for programs.")
@steers
def credentials(as_json: bool, data: Path | None, world: str | None) -> None:
    """What a client needs to be pointed at a world."""
    from simulator.up import aligned, people_table

    hub, world = chosen(data, world)
    found = hub.credentials(world)
    if as_json:
        return _print_json(found)
    click.echo(aligned([(name, str(value)) for name, value in found.items() if name != "people"]))
    click.echo(f"\n{people_table(found['people'])}")


@main.command("tell-connector")
@click.option("--hook-url", help="Where Invoice asks it for a CRM record.")
@click.option("--notify-url", help="Where the CRM tells it of changes.")
@steers
def tell_connector(hook_url: str | None, notify_url: str | None, data: Path | None, world: str | None) -> None:
    """Tell a world where your own connector answers, as `up` does; after a reset it has to be told again.

    Prints, as JSON, the secrets by which the connector knows that it is Invoice or the CRM who calls.
    """
    from simulator.own_connector import tell

    hub, world = chosen(data, world)
    _print_json(tell(hub, world, hook_url, notify_url))


@main.command()
@click.argument("product", type=click.Choice(["crm", "invoice"]))
@click.option("--email", help="Whose token; the first administrator's unless given.")
@steers
def token(product: str, email: str | None, data: Path | None, world: str | None) -> None:
    """Print an access token, good for an hour of the world's time, e.g. for curl."""
    hub, world = chosen(data, world)
    click.echo(hub.sign_in(world, product, email))


def _print_json(value: Any) -> None:
    import json

    click.echo(json.dumps(value, indent=2, ensure_ascii=False))


def _print_clock(shown: dict[str, Any]) -> None:
    state = "stands still" if shown["frozen"] else "runs"
    click.echo(f"{shown['now'][:19].replace('T', ' ')} UTC ({state}; real time {shown['real_now'][:19]})")
