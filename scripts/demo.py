"""The main job, once from end to end: start the lab's toy in two editions, audit both, compare.

Everything stays on this machine's loopback addresses. Reports are left in demo/.
"""

import json
import shutil
import subprocess
import sys
import time
from pathlib import Path

BIN = Path(sys.executable).parent
OUT = Path("demo")
EDITIONS = ("2018", "fixed")


def lab(*arguments: str) -> str:
    """Run the lab's command line; what it says meanwhile goes to the terminal."""
    return subprocess.run(
        [BIN / "shelfworthy-lab", *arguments], check=True, stdout=subprocess.PIPE, text=True
    ).stdout


def audit(edition: str, started: dict[str, str]) -> float:
    """Audit an edition with the command people use. Returns the seconds it took."""
    folder = OUT / f"{edition}.audit"
    began = time.monotonic()
    done = subprocess.run(
        [
            BIN / "shelfworthy",
            "audit",
            started["product"],
            "--policy",
            started["policy"],
            "--out",
            folder,
        ],
        stdout=subprocess.DEVNULL,
    )
    if done.returncode not in (0, 10, 11):
        sys.exit(f"The audit of the {edition} edition failed (exit code {done.returncode}).")
    return time.monotonic() - began


def main() -> None:
    """Up, audit, compare, down."""
    shutil.rmtree(OUT, ignore_errors=True)
    OUT.mkdir()
    home = str(OUT / "lab")
    try:
        for edition in EDITIONS:
            print(f"Starting the {edition} edition of the lab's toy …", flush=True)
            started = json.loads(lab("up", "cloudpets", "--edition", edition, "--dir", home, "--json"))
            for part, said in started["parts"].items():
                if said != "running":
                    print(f"  {part}: {said}; the audit will show it as not looked at")
            took = audit(edition, started)
            print(f"  audited in {took:.1f} s", flush=True)
    finally:
        for edition in EDITIONS:
            lab("down", "cloudpets", "--edition", edition, "--dir", home)
    folders = [str(OUT / f"{edition}.audit") for edition in EDITIONS]
    print(flush=True)
    subprocess.run([BIN / "shelfworthy", "compare", *folders], check=True)
    print("\nOpen the reports in a browser:")
    for folder in folders:
        print(f"  {folder}/report.html")


if __name__ == "__main__":
    main()
