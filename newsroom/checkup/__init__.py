"""What `manage.py doctor` and the operator's page look at, from the settings to the age of the last backup.

One check is one function that returns findings; none changes or sends anything, or waits longer than a few seconds.
`run()` is all of them.
"""

from newsroom.checkup.findings import Finding, Level
from newsroom.checkup.running import run, worst

__all__ = ["Finding", "Level", "run", "worst"]
