"""Asks whether what the lock files name has known holes: `make audit`, or `python -m tests.auditing [NPM ...]`.

Whoever could not look has found nothing out: an answer about fewer packages than the lock names, a package that nobody
knows, a service that does not answer are failures, never "no known vulnerabilities".
"""

import json
import re
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SECONDS = 300
Run = Callable[[Sequence[str]], tuple[int, str, str]]
_PINNED = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*)==(\S+)", re.MULTILINE)


def run(command: Sequence[str]) -> tuple[int, str, str]:
    """Status, what it says, what it complains of."""
    try:
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=SECONDS, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        return 1, "", str(error)
    return done.returncode, done.stdout, done.stderr


def faults_of_lock(lock: Path, ask: Run = run) -> list[str]:
    """What is wrong with the packages of a Python lock file; why nobody could say, where nobody could."""
    pinned = dict(_PINNED.findall(lock.read_text(encoding="utf-8")))
    options = ["--strict", "--require-hashes", "--disable-pip", "--progress-spinner=off", "--format=json"]
    status, said, complaint = ask([sys.executable, "-m", "pip_audit", *options, "--requirement", str(lock)])
    try:
        answers = {each["name"].lower(): each for each in json.loads(said)["dependencies"]}
    except (ValueError, KeyError, TypeError):
        return [f"{lock.name}: could not look: {_last_line(complaint)}"]
    faults = [
        f"{lock.name}: {name} {answer['version']}: {hole['id']}"
        for name, answer in answers.items()
        for hole in answer.get("vulns", ())
    ]
    unknown = sorted(name for name in pinned if "vulns" not in answers.get(name.lower(), {}))
    if unknown:
        faults.append(f"{lock.name}: could not look at {', '.join(unknown)}")
    return faults or ([f"{lock.name}: could not look: {_last_line(complaint)}"] if status else [])


def faults_of_npm(npm: Sequence[str], ask: Run = run) -> list[str]:
    """The same for the tools that npm installs."""
    status, said, complaint = ask([*npm, "audit", "--package-lock-only", "--json"])
    try:
        counts = json.loads(said)["metadata"]
        holes, looked_at = counts["vulnerabilities"]["total"], counts["dependencies"]["total"]
    except (ValueError, KeyError, TypeError):
        return [f"npm: could not look: {_last_line(complaint or said)}"]
    if not looked_at:
        return ["npm: could not look at any package"]
    return [f"npm: {holes} packages with holes: npm audit says which"] if holes or status else []


def _last_line(text: str) -> str:
    return next((line for line in reversed(text.splitlines()) if line.strip()), "no answer")[:300]


def main(npm: Sequence[str]) -> int:
    locks = sorted(ROOT.glob("requirements*.lock"))
    faults = [fault for lock in locks for fault in faults_of_lock(lock)]
    faults += faults_of_npm(npm) if npm else ["npm: could not look: its command was not given"]
    print("\n".join(faults) if faults else f"{len(locks)} lock files and npm's: no known hole.")  # noqa: T201
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
