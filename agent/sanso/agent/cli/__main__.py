"""`python -m sanso.agent.cli`, for a tree that is not installed."""

import sys

from . import main

sys.exit(main())
