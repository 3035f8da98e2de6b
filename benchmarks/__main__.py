"""`make bench`: all benchmarks, one after the other."""

from benchmarks import audit, catalogue, judging, mongodb, radio, secrets, tls


def main() -> None:
    """Each writes its table to results/."""
    for benchmark in (audit, mongodb, tls, radio, secrets, judging, catalogue):
        benchmark.main()


if __name__ == "__main__":
    main()
