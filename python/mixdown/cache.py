"""Files made of shards: decompressed, unpacked or fetched, once for all processes of a machine."""
import os
import tempfile
from pathlib import Path
from typing import Callable, Optional


class Cache:
    """A folder of files by key. What was not used longest goes when there is too much.

    Several processes may use one folder: a file appears whole or not at all, and one that is removed
    while another process reads it stays readable there.
    """

    def __init__(self, folder: Optional[str] = None, most_bytes: int = 16 << 30):
        home = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
        self.folder = Path(folder or os.path.join(home, "mixdown", "python"))
        self.most_bytes = most_bytes

    def file(self, key: str, make: Callable[[str], None]) -> str:
        """The file of a key; ``make`` writes it to the path that it is given."""
        path = self.folder / key
        try:
            os.utime(path)
        except PermissionError:
            pass  # Another user's, which can be read all the same.
        except FileNotFoundError:
            self.folder.mkdir(parents=True, exist_ok=True)
            handle, temporary = tempfile.mkstemp(dir=self.folder, prefix=".making-")
            os.close(handle)
            try:
                make(temporary)
                os.replace(temporary, path)
            finally:
                if os.path.exists(temporary):
                    os.unlink(temporary)
            self._tidy(path)
        return str(path)

    def _tidy(self, newest: Path) -> None:
        """Removes the files used longest ago until the others fit; the newest always stays."""
        files = []
        for file in self.folder.iterdir():
            try:
                files.append((file.stat().st_mtime, file.stat().st_size, file))
            except FileNotFoundError:
                continue  # Another process was faster.
        room = self.most_bytes
        for _, size, file in sorted(files, reverse=True):
            room -= size
            if room < 0 and file != newest and not file.name.startswith(".making-"):
                file.unlink(missing_ok=True)
