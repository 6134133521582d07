"""`python -m hadir.rules check FILE.csv [--pack NAME]`."""

from hadir.rules.check import main

raise SystemExit(main())
