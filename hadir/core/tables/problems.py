"""Why a file can't be read. Pure: the sentence for each code is in `hadir.core.problems.people`."""


class FileError(Exception):
    """A file that can't be read, by a stable code; `values` fill the named places of its sentence."""

    def __init__(self, code: str, **values: str) -> None:
        super().__init__(code)
        self.code = code
        self.values = values
