"""The main job, once from end to end: start the lab's toy and its camera in two editions, audit all, compare.

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
PRODUCTS = {"cloudpets": "toy", "camera": "camera"}  # of the lab: what they are


def lab(*arguments: str) -> str:
    """Run the lab's command line; what it says meanwhile goes to the terminal."""
    return subprocess.run(
        [BIN / "shelfworthy-lab", *arguments], check=True, stdout=subprocess.PIPE, text=True
    ).stdout


def audit(folder: Path, started: dict[str, str]) -> float:
    """Audit an edition with the command people use. Returns the seconds it took."""
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
        sys.exit(f"The audit {folder} failed (exit code {done.returncode}).")
    return time.monotonic() - began


def kept(product: str, edition: str) -> Path:
    """Where the audit of an edition lies."""
    return OUT / f"{PRODUCTS[product]}-{edition}.audit"


def audits() -> None:
    """Up, audit, down; the audits are left in demo/."""
    OUT.mkdir(exist_ok=True)
    for left in (OUT / "lab", *(kept(product, edition) for product in PRODUCTS for edition in EDITIONS)):
        shutil.rmtree(left, ignore_errors=True)
    home = str(OUT / "lab")
    try:
        for product, what in PRODUCTS.items():
            for edition in EDITIONS:
                print(f"Starting the {edition} edition of the lab's {what} …", flush=True)
                started = json.loads(lab("up", product, "--edition", edition, "--dir", home, "--json"))
                for part, said in started["parts"].items():
                    if said != "running":
                        print(f"  {part}: {said}; the audit will show it as not looked at")
                took = audit(kept(product, edition), started)
                print(f"  audited in {took:.1f} s", flush=True)
    finally:
        for product in PRODUCTS:
            for edition in EDITIONS:
                lab("down", product, "--edition", edition, "--dir", home)


def main() -> None:
    """Audit, compare, and say where everything is."""
    audits()
    for product in PRODUCTS:
        print(flush=True)
        folders = [str(kept(product, edition)) for edition in EDITIONS]
        subprocess.run([BIN / "shelfworthy", "compare", *folders], check=True)
    print("\nOpen the reports in a browser:")
    for product in PRODUCTS:
        for edition in EDITIONS:
            print(f"  {kept(product, edition)}/report.html")
    print("\nOpen a shop's shelf on these products, until Ctrl-C:\n  make demo-shelf")


if __name__ == "__main__":
    main()
