"""A pack's folder → a Pack and its seed rows, with the file and line of everything that is wrong."""

from shiyu.packs.read.errors import PackError, PackFaulty
from shiyu.packs.read.folder import PackFolder, SeedRows, read_folder

__all__ = ["PackError", "PackFaulty", "PackFolder", "SeedRows", "read_folder"]
