"""Run the commands of this folder: `python -m sanso.models train first`."""

from .commands import main

main()
