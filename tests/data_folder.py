"""Give every test run a data folder of its own, so that no test touches the data of a real Hadir or of another run.

A plugin of pytest and no conftest.py: pytest-django reads Django's settings, which make keys there, before any
conftest.py is loaded.
"""

import os
import tempfile

_DATA = tempfile.TemporaryDirectory(prefix="hadir-test-")
os.environ["HADIR_DATA"] = _DATA.name
