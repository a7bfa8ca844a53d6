"""Writing a file whole or not at all."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from marchland.errors import BadInput


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """A path to write to; what was written takes the place of `path` when all went well.

    Raises
    ------
    BadInput
        If it can't be written.
    """
    made: Path | None = None
    try:
        if path.is_dir():
            raise BadInput("it is a folder. Give a file in it", path=path)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name[:100]}-")
        os.close(handle)
        made = Path(name)
        yield made
        umask = os.umask(0)
        os.umask(umask)
        made.chmod(0o666 & ~umask)
        made.replace(path)
        made = None
    except FileNotFoundError:
        raise BadInput(f"there is no folder {path.parent}. Make it first", path=path) from None
    except OSError as error:
        raise BadInput(f"it can't be written: {error.strerror or error}", path=path) from error
    finally:
        if made is not None:
            made.unlink(missing_ok=True)
