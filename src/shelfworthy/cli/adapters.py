"""`shelfworthy adapters`: which Bluetooth adapters work here, and what to do where none does."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from shelfworthy.cli.exits import WE_FAILED, WrongUsage
from shelfworthy.cli.given import operators_policy
from shelfworthy.product.address import WrongAddress

if TYPE_CHECKING:
    from shelfworthy.reach.radio.adapters import Machine, Tried

EXTRA = "pip install 'shelfworthy[bluetooth]'"
# Core Specification versions by the number an adapter answers with (SIG, assigned numbers, section 2.1).
VERSIONS = {6: "4.0", 7: "4.1", 8: "4.2", 9: "5.0", 10: "5.1", 11: "5.2", 12: "5.3", 13: "5.4", 14: "6.0"}
RULE = 'SUBSYSTEM=="usb", ATTR{{idVendor}}=="{}", ATTR{{idProduct}}=="{}", MODE="0660", GROUP="plugdev"'


def adapters(
    policy: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Whose adapter is tried, too. [default: policy.toml in your configuration folder]",
        ),
    ] = None,
) -> None:
    """Say which Bluetooth adapters of this machine work, and what to do where none does.

    Each is opened, reset, and asked for its version. Nothing is sent over the air. What else uses an adapter
    (a headset, a keyboard) loses it meanwhile.
    """
    import asyncio

    try:
        from shelfworthy.reach.radio.adapters import try_adapters
    except ImportError:
        typer.echo(f"No adapter can be used: bumble is not installed.\n\nWhat to do:\n- {EXTRA}")
        raise typer.Exit(WE_FAILED) from None
    spec = operators_policy(policy).adapter
    try:
        machine = asyncio.run(try_adapters(spec))
    except WrongAddress as wrong:
        raise WrongUsage(str(wrong)) from None
    typer.echo(said(machine, spec))
    raise typer.Exit(0 if any(one.works for one in machine.tried) else WE_FAILED)


def said(machine: "Machine", spec: str) -> str:
    """What was found, and what to do. spec: the policy's adapter, "" if it names none."""
    lines = [_line(one, spec) for one in machine.tried] or ["No Bluetooth adapter was found."]
    works = next((one.spec for one in machine.tried if one.works), "")
    advice = list(dict.fromkeys(_advice(machine)))
    if works and not spec:
        lines += ["", f'Use it: write adapter = "{works}" into your policy, or add --adapter {works}.']
    if advice and not works:
        lines += ["", "What to do:", *(f"- {one}" for one in advice)]
    return "\n".join(lines)


def _line(one: "Tried", spec: str) -> str:
    of = f" (USB {one.ids})" if one.ids else ""
    mine = ", your policy's" if one.spec == spec else ""
    if not one.works:
        return f"{one.spec}{of}{mine}: does not work: {one.why}."
    version = VERSIONS.get(one.version, f"number {one.version}")
    return f"{one.spec}{of}{mine}: works (Bluetooth {version}, maker {one.maker:#06x})."


def _advice(machine: "Machine") -> Iterator[str]:
    from shelfworthy.reach.radio.opening import BUSY, MUTE, NOT_ALLOWED

    for one in machine.tried:
        way = one.spec.partition(":")[0]
        if one.works:
            continue
        if one.why == NOT_ALLOWED and way == "usb" and one.ids:
            rule = RULE.format(*one.ids.split(":"))
            yield (
                f"Let your user have {one.spec}: write into /etc/udev/rules.d/70-bluetooth.rules\n"
                f"    {rule}\n  then: sudo udevadm control --reload, and plug it in again."
            )
        elif one.why == NOT_ALLOWED and way == "hci-socket":
            yield f"{one.spec} needs CAP_NET_ADMIN: run as root, or use the adapter as usb:0."
        elif one.why == NOT_ALLOWED:
            yield f"Give your user the right to open {one.spec} (often the group dialout)."
        elif one.why == BUSY:
            yield (
                "Take the adapter from the system for the time of the audit:"
                " sudo systemctl stop bluetooth && sudo hciconfig hci0 down"
            )
        elif one.why == MUTE:
            yield f"Unplug {one.spec} and plug it in again; look at `rfkill list` whether it is switched off."
        else:
            yield f"Check that {one.spec} is the right name: what is behind it does not answer as an adapter."
    if machine.usb:
        yield f"USB could not be asked ({machine.usb}): hand it into your container or virtual machine."
    if not machine.tried:
        yield "Plug in a Bluetooth adapter. Most USB ones do; some by Realtek need firmware of their own."
    if not machine.sockets:
        yield (
            "This Python has no Bluetooth sockets, so hci-socket:0 cannot be used; usb:0 can. Debian's own"
            " python3 has them."
        )
