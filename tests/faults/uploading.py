"""Pictures that are sent to the desk as the editor sends them, and the memory that the web server takes meanwhile."""

import json
import time
from http.client import HTTPConnection
from pathlib import Path

from tests.faults.asking import LONGEST, Answer
from tests.faults.house import House

UPLOAD = "/admin/images/upload/"
ADD = "/admin/articles/article/add/"
BOUNDARY = "-------------------------a-picture"


def upload(house: House, name: str, raw: bytes) -> Answer:
    """One file in the field that CKEditor sends, as the editor of the house; through the proxy."""
    token = house.form(ADD)["csrfmiddlewaretoken"]
    head = f'Content-Disposition: form-data; name="upload"; filename="{name}"\r\nContent-Type: image/png\r\n\r\n'
    body = f"--{BOUNDARY}\r\n{head}".encode() + raw + f"\r\n--{BOUNDARY}--\r\n".encode()
    headers = house.as_editor | {
        "Cookie": f"sessionid={house.cookie}; csrftoken={token}",
        "X-CSRFToken": token,
        "Content-Type": f"multipart/form-data; boundary={BOUNDARY}",
        "Accept": "application/json",
    }
    began = time.monotonic()
    connection = HTTPConnection(house.netloc, timeout=LONGEST)
    try:
        connection.request("POST", UPLOAD, body=body, headers=headers)
        response = connection.getresponse()
        told = {key.lower(): value for key, value in response.headers.items()}
        text = response.read().decode(errors="replace")
        return Answer(f"POST {UPLOAD}", response.status, time.monotonic() - began, began, told, text)
    finally:
        connection.close()


def sentence_of(answer: Answer) -> str:
    """Why it was refused; '' where it was taken."""
    return str(json.loads(answer.text).get("error", {}).get("message", ""))


def is_arabic(sentence: str) -> bool:
    return any("\u0600" <= letter <= "\u06ff" for letter in sentence)


def forget_peaks(house: House, name: str = "web") -> None:
    """From now on `peak` counts anew: man 5 proc, clear_refs."""
    for pid in house.there.crew.pids(name):
        Path(f"/proc/{pid}/clear_refs").write_text("5", encoding="ascii")


def peak(house: House, name: str = "web") -> int:
    """The most memory that one process had at any moment, in MB."""
    return max(_peak(pid) for pid in house.there.crew.pids(name))


def _peak(pid: int) -> int:
    lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii", errors="replace").splitlines()
    return next(int(line.split()[1]) // 1024 for line in lines if line.startswith("VmHWM:"))
