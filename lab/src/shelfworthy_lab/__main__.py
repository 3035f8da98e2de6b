"""`python -m shelfworthy_lab`."""

from shelfworthy_lab.cli import main

main()
