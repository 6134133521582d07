"""Making a key for the agent of a school."""

from hadir.accounts.forms_school import OneSchoolForm


class KeyForm(OneSchoolForm):
    """The school whose agent it is."""
