"""Telling other systems: deliveries written after the change, sent, tried again, given up."""

from shiyu.exchange.jobs.queueing import HEARD, send_due, tidy

__all__ = ["HEARD", "send_due", "tidy"]
