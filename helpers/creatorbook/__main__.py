"""`python -m creatorbook` is the command `creatorbook`."""

from creatorbook.cli import main

if __name__ == "__main__":  # worker processes import this module too
    main()
