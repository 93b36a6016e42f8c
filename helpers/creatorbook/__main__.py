"""`python -m creatorbook` is the command `creatorbook`."""

from creatorbook.cli import main

main()
