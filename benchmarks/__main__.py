"""`make bench`: all benchmarks, one after the other."""

from benchmarks import audit, catalogue, components, judging, mongodb, radio, secrets, tls


def main() -> None:
    """Each writes its table to results/."""
    for benchmark in (audit, mongodb, tls, radio, secrets, judging, catalogue, components):
        benchmark.main()


if __name__ == "__main__":
    main()
