"""Progress of an audit on standard error: a live display on a terminal, plain lines otherwise."""

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
)

from shelfworthy.audit.one_look import Step, Tell


@contextmanager
def telling(console: Console, looks: int) -> Iterator[Tell]:
    """A function to tell each step to. looks: how many there will be at least."""
    if console.is_terminal:
        with _live(console, looks) as tell:
            yield tell
    else:
        yield lambda step: _line(console, step)


@contextmanager
def _live(console: Console, looks: int) -> Iterator[Tell]:
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    under_way: list[str] = []
    begun = 0
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("looking", total=looks)

        def tell(step: Step) -> None:
            nonlocal begun
            name = f"{step.surface} ({step.probe.partition('/')[0]})"
            if step.ask:
                progress.console.print(asking(step), highlight=False, markup=False)
                return
            if step.ended:
                under_way.remove(name)
                progress.advance(task)
                if step.gap:
                    progress.console.print(f"  {name}: {step.gap}", highlight=False, markup=False)
            else:
                under_way.append(name)
                begun += 1  # what is seen on the way adds to what was known at the start
                progress.update(task, total=max(looks, begun))
            progress.update(task, description=f"looking at {under_way[0]}" if under_way else "looking")

        yield tell


def _line(console: Console, step: Step) -> None:
    if step.ask:
        console.print(asking(step), highlight=False, markup=False, soft_wrap=True)
    if step.ended:
        said = step.gap or "done"
        console.print(f"{step.surface} {step.probe}: {said}", highlight=False, markup=False, soft_wrap=True)


def asking(step: Step) -> str:
    """What a person is asked to do."""
    return f"Please, now: {step.ask}"
