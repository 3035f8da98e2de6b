"""`make bench`: all benchmarks, one after the other."""

from benchmarks import (
    audit,
    catalogue,
    components,
    contents,
    folder,
    judging,
    mongodb,
    policies,
    radio,
    secrets,
    shelf_catalogue,
    shelf_pages,
    shelf_queue,
    shelf_start,
    shelf_verdicts,
    tls,
)

ALL = (
    audit,
    mongodb,
    tls,
    radio,
    secrets,
    judging,
    catalogue,
    contents,
    folder,
    components,
    policies,
    shelf_catalogue,
    shelf_pages,
    shelf_queue,
    shelf_start,
    shelf_verdicts,
)


def main() -> None:
    """Each writes its table to results/."""
    for benchmark in ALL:
        benchmark.main()


if __name__ == "__main__":
    main()
