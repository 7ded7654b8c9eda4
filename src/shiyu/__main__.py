"""`python -m shiyu` is `shiyu`."""

from shiyu.cli import main

main()
