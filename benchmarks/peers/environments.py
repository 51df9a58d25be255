"""An environment for each peer: two of them install the same package name over each other."""

import subprocess
import sys
from pathlib import Path

FOLDER = Path(__file__).parent.parent / ".peers"
VERSIONS = {
    "matching": "1.4.3",
    "mentor-match": "7.0.1",
    "munkres": "3.0.0",
    "ortools": "9.15.6755",
}
PATIENCE = 300


def python_of(peer: str) -> Path | None:
    """The interpreter that has this peer, installed now if need be; ``None`` where pip cannot."""
    folder = FOLDER / peer
    python = folder / "bin" / "python"
    stamp = folder / ".version"
    if stamp.is_file() and stamp.read_text(encoding="utf-8") == VERSIONS[peer]:
        return python
    pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    try:
        _quietly([sys.executable, "-m", "venv", "--clear", str(folder)])
        _quietly([*pip, f"{peer}=={VERSIONS[peer]}"])
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired, OSError):
        return None
    stamp.write_text(VERSIONS[peer], encoding="utf-8")
    return python


def _quietly(command: list[str]) -> None:
    subprocess.run(command, check=True, capture_output=True, timeout=PATIENCE)
