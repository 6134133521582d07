"""`python -m hadir.agent`, and the entry of the `.pyz` file."""

from hadir.agent.cli import main_exit

main_exit()
