"""The mail folder of a simulation: every handing over is a file of its own."""

from mentoring.outbox.backends import FolderBackend


class EverySendingBackend(FolderBackend):
    """Keeps a second sending of a mail beside the first, so that duplicates can be counted."""

    def _write(self, name: str, content: bytes) -> None:
        path, number = self.folder / f"{name}.eml", 1
        while path.exists():
            number += 1
            path = self.folder / f"{name}.{number}.eml"
        path.write_bytes(content)
