"""Take the specimens of the update checks from real servers, and of support pages at the lab's web server.

python -m tests.probes.update.take
"""

import asyncio
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import msgspec

from shelfworthy.model import About, Identity, Level, Update
from shelfworthy.probes.update import SUPPORT
from shelfworthy.reach import Limits
from shelfworthy.seen.update import SupportSeen, UpdateSeen
from shelfworthy_lab import listeners
from shelfworthy_lab.listeners import Listener, Page
from shelfworthy_lab.processes import end, free_port
from tests.harvest import write_specimen
from tests.looking import allow, bench, door, product
from tests.probes.update import transports
from tests.probes.update.looking import HOST, look, served, supplied, surface
from tests.probes.update.states import TRUTH
from tests.probes.update.states_declared import STATES

SERVER = "the lab's web server (http.server, OpenSSL)"
TODAY = date.today()
YEARS = b"other = 5\ntoy = 3\n"
BEAR = Identity(
    name="MurmurPal Bear", vendor="Plumwhistle", model="MP-2019", category="toy", sold_from=date(2020, 1, 1)
)
FILLER = "<p>Bears are for hugging, at home and on the road, in any weather. " * 4
HEAD = "<!doctype html><html lang={}><title>Help</title>{}" + FILLER + "</html>"
ABOUT_BEAR = "<h1>MurmurPal Bear</h1>"
FUTURE, SOON, PAST = (TODAY.replace(month=5, day=28, year=TODAY.year + years) for years in (5, 1, -2))

# name → body, the sentence of the answer
SUPPORT_PAGES = {
    "a day": (f"<p>The MurmurPal Bear gets security updates until {FUTURE.isoformat()}.", "long-enough"),
    "a table": (
        f"<table><tr><th>Model<th>Security updates until<tr><td>MP-2019<td>28 May {FUTURE.year}</table>",
        "long-enough",
    ),
    "in German": (
        f"<p>Der MurmurPal Bear erhält Sicherheitsupdates bis mindestens 28. Mai {FUTURE.year}.",
        "long-enough",
    ),
    "a length": (
        f"{ABOUT_BEAR}<p>We give you updates for at least 5 years from purchase.",
        "long-enough-each",
    ),
    "over": (f"<p>Support for the MurmurPal Bear ended on 28 May {PAST.year}.", "ended"),
    "no more updates": ("<p>The MurmurPal Bear no longer receives security updates.", "ended"),
    "soon over": (f"<p>The MurmurPal Bear gets security updates until 28 May {SOON.year}.", "too-short"),
    "two years": (f"{ABOUT_BEAR}<p>Security updates for two years from purchase.", "too-short-each"),
    "a length from nowhere": (f"{ABOUT_BEAR}<p>Security updates for at least 5 years.", "vague"),
    "two days": (
        f"<p>MurmurPal Bear: updates until {FUTURE}.<p>MurmurPal Bear: support ended in May {PAST.year}.",
        "differing",
    ),
    "another bear": (f"<p>The MurmurPal Cat gets updates until {FUTURE.isoformat()}.", "not-named"),
    "a plan": (f"<p>We plan to give the MurmurPal Bear updates until {FUTURE.isoformat()}.", "unsure"),
    "nothing": ("<p>Bears since 1902.", "absent"),
    "in French": ("<p>Les ours aiment le miel, et la forêt.", "unseen"),
}
LANGUAGES = {"in German": "de", "in French": "fr"}


def main() -> None:
    with tempfile.TemporaryDirectory() as place:
        take_states(Path(place) / "states")
        take_transports(Path(place) / "ways")
        take_support(Path(place) / "support")


def take_states(folder: Path) -> None:
    states = {name: made() for name, made in STATES.items()}
    spoken: set[tuple[str, str]] = set()
    with served(states, folder) as ports:
        for name, state in states.items():
            it = surface(state, ports[name])
            seen = steady(asyncio.run(look(it, supplied(state))), ports[name])
            made_by = "python-tuf and " if name.startswith("tuf") else ""
            for check, says in zip(TRUTH, state.says, strict=True):
                if (check, says) not in spoken:  # one specimen for each sentence is enough
                    spoken.add((check, says))
                    about = About(surface=steady_surface(it))
                    keep(check, seen, about, f"{made_by}{SERVER}, “{name}”, {TODAY}", name, says)


def take_transports(folder: Path) -> None:
    with transports.served(folder) as (surfaces, root):
        for name, way in transports.WAYS.items():
            it = surfaces[name]
            seen = steady(asyncio.run(look(it)), port_of(it), it.plain_port)
            about = About(surface=steady_surface(it), references={"roots": root})
            source = f"{SERVER}, “{name}”, {TODAY}"
            keep("update-transport", seen, about, source, name, way.says[0][0])
            if name == "tls":
                source = f"fixture: “{name}”, judged without any root, {TODAY}"
                bare = About(surface=about.surface)
                keep("update-transport", seen, bare, source, "no roots", "certificate-open")


def take_support(folder: Path) -> None:
    with support_sites(folder) as ports:
        for name, (_, says) in SUPPORT_PAGES.items():
            seen = asyncio.run(look_at_support(f"http://{HOST}:{ports[name]}/help"))
            text = msgspec.json.encode(seen).decode().replace(f"{HOST}:{ports[name]}", "www.bears.test")
            seen = msgspec.json.decode(text, type=SupportSeen)
            it = Update(id="updates", where="update:https://updates.bears.test/")
            about = About(surface=it, product=BEAR, references={"support-years": YEARS})
            source = f"{SERVER}, “{name}”, {TODAY}"
            keep("update-support-period", seen, about, source, name, says)
            if name == "a day":
                source = f"fixture: “{name}”, judged without a table, {TODAY}"
                bare = msgspec.structs.replace(about, references={})
                keep("update-support-period", seen, bare, source, "no table", "no-table")
        nobody_knows_when = msgspec.structs.replace(BEAR, sold_from=None)
        seen = asyncio.run(look_at_support(f"http://{HOST}:{ports['a length from nowhere']}/help"))
        about = About(surface=it, product=nobody_knows_when, references={"support-years": YEARS})
        source = f"{SERVER}, “a length from nowhere”, of a product without a first day, {TODAY}"
        keep("update-support-period", seen, about, source, "no first day", "no-start")


@contextmanager
def support_sites(folder: Path) -> Iterator[dict[str, int]]:
    taken: set[int] = set()
    ports = {name: free_port(taken) for name in SUPPORT_PAGES}
    wanted = [
        Listener(
            name,
            HOST,
            ports[name],
            "plain",
            pages={"/help": Page(HEAD.format(LANGUAGES.get(name, "en"), body))},
        )
        for name, (body, _) in SUPPORT_PAGES.items()
    ]
    pid_file, _ = listeners.start(wanted, folder, "support")
    try:
        yield ports
    finally:
        end(pid_file)


async def look_at_support(page: str) -> SupportSeen:
    it = Update(id="updates", where=f"update:http://{HOST}/", support=page)
    way = door(product([it], [allow(HOST, Level.LOOK)]), bench((f"{HOST}/32",)), Limits())
    (seen,) = [one async for one in SUPPORT.observe(it, way.reach(it))]
    assert isinstance(seen, SupportSeen)
    return seen


def port_of(it: Update) -> int:
    found = re.search(r":(\d+)/", it.where)
    assert found is not None
    return int(found[1])


def steady(seen: UpdateSeen, port: int, plain_port: int = 0) -> UpdateSeen:
    """The same at ports that do not change from run to run."""
    text = msgspec.json.encode(seen).decode().replace(f"{HOST}:{port}", f"{HOST}:8443")
    if plain_port and plain_port != port:
        text = text.replace(f"{HOST}:{plain_port}", f"{HOST}:8080")
    return msgspec.json.decode(text, type=UpdateSeen)


def steady_surface(it: Update) -> Update:
    where = re.sub(r":\d+/", ":8443/", it.where)
    return msgspec.structs.replace(it, where=where, plain_port=8080 if it.plain_port else 0)


def keep(check: str, seen: UpdateSeen | SupportSeen, about: About, source: str, name: str, says: str) -> None:
    """Write the specimen if the check says what it must."""
    path = write_specimen(check, seen, about, source, re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-"))
    assert f'"says": "{says}"' in path.read_text(), (check, name)
    print(path.relative_to(Path.cwd()))


if __name__ == "__main__":
    main()
