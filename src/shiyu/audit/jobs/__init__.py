"""Background work: seals, their heads kept elsewhere, periodic jobs that catch up, long work one can leave."""

from shiyu.audit.jobs.heads import Head, export_head, heads_exported, read_heads
from shiyu.audit.jobs.heard import hear_once
from shiyu.audit.jobs.runs import (
    Long,
    Periodic,
    Progress,
    Slots,
    connect_jobs,
    drop_old_runs,
    long_jobs,
    note_done,
    periodic_jobs,
    run_due,
    run_one,
    tidy,
)
from shiyu.audit.jobs.sealing import entry_hash, seal_entries, seal_of, unsealed_since
from shiyu.audit.jobs.stalled import take_up_again

__all__ = [
    "Head",
    "Long",
    "Periodic",
    "Progress",
    "Slots",
    "connect_jobs",
    "drop_old_runs",
    "entry_hash",
    "export_head",
    "heads_exported",
    "hear_once",
    "long_jobs",
    "note_done",
    "periodic_jobs",
    "read_heads",
    "run_due",
    "run_one",
    "seal_entries",
    "seal_of",
    "take_up_again",
    "tidy",
    "unsealed_since",
]
