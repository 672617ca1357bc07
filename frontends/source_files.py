"""File names as they appear in the IR and in errors: nothing in them depends on the machine."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

_LIBRARY_PARTS = frozenset({"site-packages", "dist-packages"})


@dataclass(frozen=True, slots=True)
class SourceFiles:
    """Shortens file names: absolute paths depend on the machine and never reach the IR.

    `folder` is the model file's folder and `shown` how the user wrote it. Files in it are named by it, others
    relative to the current directory, and files of libraries by their last component.
    """

    folder: Path | None = None
    shown: Path = Path()

    @staticmethod
    def beside(path: str) -> SourceFiles:
        """For a model in the file `path`."""
        given = Path(path)
        return SourceFiles(given.resolve().parent, Path() if given.is_absolute() else given.parent)

    def short(self, filename: str) -> str:
        """`filename` without anything that depends on the machine."""
        path = Path(filename)
        if not path.is_absolute():
            return filename
        resolved = path.resolve()
        if not _LIBRARY_PARTS & set(resolved.parts):
            if self.folder is not None and resolved.is_relative_to(self.folder):
                return (self.shown / resolved.relative_to(self.folder)).as_posix()
            if resolved.is_relative_to(Path.cwd()):
                return resolved.relative_to(Path.cwd()).as_posix()
        return resolved.name
