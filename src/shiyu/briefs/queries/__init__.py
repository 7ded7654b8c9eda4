"""Reads of briefs: what the meeting pack of a locked month is made of, and its files."""

from shiyu.briefs.queries.pack import meeting_pack_files

__all__ = ["meeting_pack_files"]
