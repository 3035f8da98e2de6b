"""What is said of real changes of policies, to be read by a person beside the policies.

    python -m benchmarks.policy_changes FOLDER [--all] [NAME …]

FOLDER holds pairs `NAME.before.md` and `NAME.after.md` (Markdown). They are measured and never kept. Prints a
row per pair: how many sentences changed, by how; then what is said of each that changed in meaning or is to
be read. With --all also the others.
"""

import re
import sys
import time
from collections import Counter
from html import escape
from pathlib import Path

from shelfworthy.report.policies.comparing import policy_diff
from shelfworthy.report.policies.shape import How, PolicyDiff
from shelfworthy.seen.policy import PolicySeen
from shelfworthy.webtext.documents import Source, of_html

LINK = re.compile(r"!?\[([^\]\[]{0,500})\]\((?:[^()\s]|\([^()]*\)){0,2000}(?: \"[^\"]*\")?\)")
SIGNS = re.compile(r"\*\*|__|`|(?<!\w)[*_](?=\S)|(?<=\S)[*_](?!\w)|\\(?=[^\w\s])")


def page(markdown: str) -> str:
    """Markdown as a plain web page: headings, items of lists, rows of tables, paragraphs."""
    blocks: list[str] = []
    for paragraph in re.split(r"\n\s*\n", LINK.sub(r"\1", markdown)):
        lines = [SIGNS.sub("", line).strip() for line in paragraph.strip().splitlines()]
        if len(lines) == 2 and lines[1] and not lines[1].strip("=-"):
            blocks.append(f"<h2>{escape(lines[0])}</h2>")
            continue
        open_: list[str] = []
        for line in lines:
            if head := re.match(r"#{1,6}\s+(.*)", line):
                blocks.append(f"<h3>{escape(head[1])}</h3>")
            elif item := re.match(r"(?:[*+-]|\d{1,3}\.)\s+(.*)", line):
                blocks.append(f"<li>{escape(item[1])}</li>")
            elif line.startswith("|"):
                cells = [cell.strip() for cell in line.strip("|").split("|")]
                if any(cell.strip("-: ") for cell in cells):
                    blocks.append(f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in cells)}</tr>")
            else:
                open_.append(line)
        if any(open_):
            blocks.append(f"<p>{escape(' '.join(open_))}</p>")
    return f"<html lang=en><body>{''.join(blocks)}</body></html>"


def seen(path: Path) -> PolicySeen:
    """A file as a reader would see it."""
    source = Source("policy", path.name, path.name, -1, 200)
    document = of_html(source, page(path.read_text(encoding="utf-8")), whole=True)
    return PolicySeen(at=None, hops=(), documents=(document,), unvisited=())


def row(name: str, found: PolicyDiff | None, seconds: float) -> str:
    """One pair as a line."""
    counted = Counter(one.how for one in found.changes) if found else Counter[How]()
    numbers = "  ".join(f"{counted[how]:4}" for how in How)
    return f"{name:24} {numbers}  {seconds:5.1f} s  {found.says if found else 'Nothing changed.'}"


def main(folder: Path, wanted: list[str], *, everything: bool) -> None:
    """Print the table, then what is said."""
    told: list[str] = []
    print(f"{'':24} {'  '.join(f'{how.split()[-1][:4]:>4}' for how in How)}")
    for before in sorted(folder.glob("*.before.md")):
        name = before.name.removesuffix(".before.md")
        if wanted and name not in wanted:
            continue
        began = time.perf_counter()
        found = policy_diff(seen(before), seen(folder / f"{name}.after.md"), "policy", "")
        print(row(name, found, time.perf_counter() - began))
        for one in found.changes if found else ():
            if everything or one.how in (How.MEANING, How.TO_READ):
                told += [f"\n[{name}] {one.how}: {' '.join(one.says)} {', '.join(one.requirements)}"]
                told += [f"  - {one.old}", f"  + {one.new}"]
    print("\n".join(told))


if __name__ == "__main__":
    given = [one for one in sys.argv[1:] if one != "--all"]
    if not given:
        sys.exit(__doc__)
    main(Path(given[0]), given[1:], everything="--all" in sys.argv)
