"""What is asked inside the site, in a process of its own with its variables; answers in JSON on standard output."""

import json
import subprocess
import sys
from typing import Any

from benchmarks.pages.servers import ROOT


def manage(variables: dict[str, str], *arguments: str) -> None:
    """Raises CalledProcessError."""
    subprocess.run([sys.executable, "manage.py", *arguments], cwd=ROOT, env=variables, check=True)  # noqa: S603


def ask(variables: dict[str, str], module: str, *arguments: str) -> Any:
    """The last line that `python -m benchmarks.pages.<module>` prints. Raises CalledProcessError."""
    process = start(variables, module, *arguments)
    output, _nothing = process.communicate()
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, process.args)
    return json.loads(output.strip().splitlines()[-1])


def start(variables: dict[str, str], module: str, *arguments: str) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", f"benchmarks.pages.{module}", *arguments]
    return subprocess.Popen(command, cwd=ROOT, env=variables, stdout=subprocess.PIPE, text=True)  # noqa: S603
