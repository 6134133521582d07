"""`python -m hadir.agent`, and the entry of the `.pyz` file."""

import sys

from hadir.agent.cli import main

sys.exit(main())
