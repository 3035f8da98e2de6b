"""`python -m shelfworthy` is `shelfworthy`."""

from shelfworthy.cli import main

main()
