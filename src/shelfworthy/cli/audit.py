"""`shelfworthy audit`: look, keep, judge, report."""

from pathlib import Path
from typing import Annotated, NamedTuple

import typer

from shelfworthy.cli.exits import WrongUsage
from shelfworthy.cli.formats import Format
from shelfworthy.cli.given import new_folder, what_is_given, what_was_given, with_adapter
from shelfworthy.model import Basis, Level
from shelfworthy.record import looks_done


class ClusterAt(NamedTuple):
    """Which cluster, and how it is spoken to. address: "" for none."""

    address: str
    ca: Path | None
    cert: Path | None
    key: Path | None
    resource: str


LONGEST = 86400  # seconds, a day

Things = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="THING...",
        help="A product.toml (or the folder it lies in); or files and URLs: https://host:port/, "
        "mongodb://host:port (redis, postgresql, mysql, mqtt, amqp and coap likewise), "
        "s3+http://host:port/bucket, update:https://host/manifest, contact:https://host/, domain:host, "
        "bluetooth:address. "
        "With --resume it may be left out.",
    ),
]
PolicyFile = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE",
        help="What this bench may do at all. [default: policy.toml in your configuration folder]",
    ),
]
Out = Annotated[
    Path | None,
    typer.Option(metavar="NAME.audit", help="Where to keep it. [default: named after the product]"),
]
Resume = Annotated[
    Path | None,
    typer.Option(
        metavar="NAME.audit", help="Go on with an audit that was stopped, under your policy of today."
    ),
]


def seconds(text: str) -> float:
    """The value of --budget."""
    try:
        value = float(text)
    except ValueError:
        value = 0
    if not 1 <= value <= LONGEST:
        raise typer.BadParameter(f"{text!r} is not a time. Expected seconds, from 1 to {LONGEST}.")
    return value


Budget = Annotated[
    float, typer.Option(metavar="SECONDS", parser=seconds, help="Stop looking after this time.")
]
Form = Annotated[Format, typer.Option("--format", help="What to print on standard output.")]
Permits = Annotated[
    list[str] | None,
    typer.Option(metavar="HOST[:PORT]", help="Permit contact, for URLs given here. Alone it grants `look`."),
]
HowFar = Annotated[Level, typer.Option(help="How far --permit goes.")]
Why = Annotated[Basis, typer.Option(help="Why more than `look` is allowed.")]
Radio = Annotated[
    str,
    typer.Option(
        metavar="SPEC",
        help="The Bluetooth adapter, in place of your policy's: usb:0, hci-socket:0, serial:/dev/ttyUSB0, "
        "tcp-client:127.0.0.1:7300. `shelfworthy adapters` says which ones work.",
    ),
]
Keep = Annotated[
    bool,
    typer.Option(
        "--keep-artefacts",
        help="Keep firmware images themselves with the evidence, and not only their lengths and hashes: they "
        "are their maker's, and may hold keys.",
    ),
]
CatalogueFile = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE",
        help="Audit every product of a list into the folder --out, and go on there when begun again: a .csv "
        "with a header line, or .jsonl. Each row names a product file (column product), or says name, vendor "
        "and URLs in columns named after kinds (endpoint, contact, domain, …). Or a folder of firmware "
        "images, each of which is audited. See docs/catalogue.md.",
    ),
]
AtOnce = Annotated[
    int | None,
    typer.Option(
        metavar="N",
        min=1,
        max=1000,
        help="Products of a catalogue under way at once. [default: 32; of a folder of images one more than "
        "there are cores]",
    ),
]
Cluster = Annotated[
    str,
    typer.Option(
        metavar="ADDRESS", help="Hand the catalogue's products to dask workers: tls://scheduler:8786."
    ),
]
ClusterCa = Annotated[
    Path | None,
    typer.Option(metavar="FILE", envvar="SHELFWORTHY_CLUSTER_CA", help="Whom a tls:// cluster must be from."),
]
ClusterCert = Annotated[
    Path | None,
    typer.Option(metavar="FILE", envvar="SHELFWORTHY_CLUSTER_CERT", help="Our certificate for the cluster."),
]
ClusterKey = Annotated[
    Path | None,
    typer.Option(metavar="FILE", envvar="SHELFWORTHY_CLUSTER_KEY", help="The key of that certificate."),
]
ClusterResource = Annotated[
    str, typer.Option(metavar="NAME", help="Only workers with this resource, one of it for each product.")
]


def audit(
    things: Things = None,
    policy: PolicyFile = None,
    out: Out = None,
    resume: Resume = None,
    budget: Budget = 300,
    form: Form = Format.TERMINAL,
    permit: Permits = None,
    level: HowFar = Level.LOOK,
    basis: Why = Basis.PUBLIC,
    adapter: Radio = "",
    keep_artefacts: Keep = False,
    catalogue: CatalogueFile = None,
    at_once: AtOnce = None,
    cluster: Cluster = "",
    cluster_ca: ClusterCa = None,
    cluster_cert: ClusterCert = None,
    cluster_key: ClusterKey = None,
    cluster_resource: ClusterResource = "",
) -> None:
    """Look at a product, keep the least evidence that proves it, and answer the five guidelines.

    Nothing is contacted that the product file and your policy do not both permit.

    Examples:

      shelfworthy audit murmurpal/product.toml --policy bench.toml

      shelfworthy audit mongodb://203.0.113.7 --permit 203.0.113.7 --level knock --basis written

      shelfworthy audit --catalogue listings.csv --out audits/
    """
    if catalogue:
        if things or resume or permit:
            raise WrongUsage(
                "--catalogue says itself what to audit: no THING, --resume or --permit beside it."
            )
        if keep_artefacts:
            raise WrongUsage("--keep-artefacts is for one product at a time.")
        if adapter:
            raise WrongUsage('For a catalogue the adapter stands in your policy: adapter = "usb:0".')
        if out is None:
            raise WrongUsage("--catalogue needs --out DIR: where the audits, the ledger and the results go.")
        at = ClusterAt(cluster, cluster_ca, cluster_cert, cluster_key, cluster_resource)
        from shelfworthy.cli.many import carry_out_all

        raise typer.Exit(carry_out_all(catalogue, out, policy, budget, at_once, at))
    if cluster or cluster_resource:
        raise WrongUsage("--cluster is for many products: --catalogue FILE.")
    if resume and out:
        raise WrongUsage("--out is for a new audit; --resume says itself where it goes on.")
    if resume and not things:
        given = what_was_given(resume, policy, permit or [], level)
    else:
        given = what_is_given(things or [], policy, permit or [], level, basis)
    given = with_adapter(given, adapter)
    done = looks_done(resume, given.text, given.supplied) if resume else frozenset()
    folder = resume or new_folder(given.product, out)
    from shelfworthy.cli.auditing import carry_out

    raise typer.Exit(carry_out(given, folder, budget, form, done, keep_artefacts=keep_artefacts))
