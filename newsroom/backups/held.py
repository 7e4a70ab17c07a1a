"""A PostgreSQL database in which nobody else writes, from before the last copy of it until it is another one."""

import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import IO, ClassVar, cast

from newsroom.backups.manifest import BLOCK
from newsroom.backups.programs import Program, last_words, started
from newsroom.backups.refusals import BackupRefused

# Who reads may go on, pg_dump too; who writes waits.
WITHOUT_WRITERS = "LOCK TABLE {} IN SHARE MODE;"


class Held:
    """psql in one open transaction. `pid` is that of its backend."""

    OPTIONS: ClassVar = ("--no-psqlrc", "--quiet", "--tuples-only", "--no-align", "--set=ON_ERROR_STOP=1")

    def __init__(self, process: "subprocess.Popen[bytes]", complaints: IO[bytes]) -> None:
        self._process, self._complaints = process, complaints
        self._sink, answers = cast(IO[bytes], process.stdin), cast(IO[bytes], process.stdout)
        self._answers = answers
        self.pid = 0

    def lock(self, tables: Sequence[str]) -> None:
        """Raises BackupRefused."""
        locked = WITHOUT_WRITERS.format(", ".join(tables)) if tables else ""
        # What the script answers later is read by nobody.
        self._send(
            f"BEGIN;\nSET LOCAL lock_timeout = '5s';\n{locked}\nSELECT pg_catalog.pg_backend_pid();\n\\o /dev/null\n"
        )
        answer = self._answers.readline()
        if not answer:
            self._process.wait()
            self.refuse_failure()
            raise BackupRefused("Nothing was changed, psql did not answer.")
        self.pid = int(answer)

    def become(self, reading: "subprocess.Popen[bytes]", *, first: str, last: str) -> None:
        """Run the script, and the commit only when it came to its end: psql alone would take half of one for all."""
        source = cast(IO[bytes], reading.stdout)
        try:
            self._sink.write(first.encode())
            while block := source.read(BLOCK):
                self._sink.write(block)
            if reading.wait() == 0:
                self._sink.write(f"{last}COMMIT;\n".encode())
            else:
                self._process.kill()
            self._sink.close()
        except BrokenPipeError:
            reading.kill()
        self._process.wait()

    def refuse_failure(self) -> None:
        """Raises BackupRefused when psql ended with an error; then nothing was changed."""
        if self._process.returncode:
            raise BackupRefused(f"Nothing was changed, the database refused: {last_words(self._complaints)}")

    def _send(self, statements: str) -> None:
        try:
            self._sink.write(statements.encode())
            self._sink.flush()
        except BrokenPipeError:
            return


@contextmanager
def held(psql: Program, tables: Sequence[str]) -> Iterator[Held]:
    """Raises BackupRefused when the tables are not to be had. Without `become` nothing is changed."""
    with (
        tempfile.TemporaryFile() as complaints,
        started(psql, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=complaints) as process,
    ):
        holder = Held(process, complaints)
        try:
            holder.lock(tables)
            yield holder
        finally:
            if process.poll() is None:
                process.kill()
