"""The demo's texts, read from the pack's `seed/demo/` (a pack without it gets a quieter year)."""

import random
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml


@dataclass
class Material:
    """What people write in the simulated year."""

    problems: list[dict[str, Any]] = field(default_factory=list)
    matters: list[dict[str, Any]] = field(default_factory=list)
    scenes: list[dict[str, Any]] = field(default_factory=list)
    mediations: list[dict[str, Any]] = field(default_factory=list)
    surges: list[dict[str, Any]] = field(default_factory=list)
    letters: list[dict[str, Any]] = field(default_factory=list)
    progress: dict[str, list[str]] = field(default_factory=dict)
    trouble: list[str] = field(default_factory=list)
    next_steps: list[str] = field(default_factory=list)
    needs_decision: list[str] = field(default_factory=list)
    opinions: list[dict[str, Any]] = field(default_factory=list)
    instructions: list[dict[str, Any]] = field(default_factory=list)
    decisions: list[dict[str, Any]] = field(default_factory=list)
    submission: dict[str, str] = field(default_factory=dict)
    phones: dict[str, str] = field(default_factory=dict)
    sessions: dict[str, Any] = field(default_factory=dict)
    consultation: dict[str, Any] = field(default_factory=dict)
    phrases: dict[str, list[str]] = field(default_factory=dict)

    def say(self, dice: random.Random, kind: str, otherwise: str) -> str:
        """One of the phrases of a kind."""
        return dice.choice(self.phrases.get(kind) or [otherwise])

    def progress_line(self, dice: random.Random, status: str, values: dict[str, str]) -> str:
        """A sentence of progress for a status, its names filled in."""
        return filled(dice.choice(self.progress.get(status) or ["按计划推进。"]), values)


def filled(text: str, values: dict[str, str]) -> str:
    """A text of the material with its names put in."""
    for name, value in values.items():
        text = text.replace("{" + name + "}", value)
    return text


def read_material(folder: Path) -> Material:
    """The material of a pack."""
    found: dict[str, Any] = {}
    for path in sorted((folder / "seed" / "demo").glob("*.yaml")):
        for key, value in (yaml.safe_load(path.read_text(encoding="utf-8")) or {}).items():
            found[key] = found[key] + value if isinstance(found.get(key), list) else value
    known = {
        "progress",
        "opinions",
        "instructions",
        "decisions",
        "needs_decision",
        "next_steps",
        "submission",
        "sessions",
        "consultation",
        "matters",
        "scenes",
        "mediations",
        "surges",
        "letters",
        "phones",
    }
    problems = found.get("problems", [])
    return Material(
        problems=[row for row in problems if isinstance(row, dict)],
        trouble=[row for row in problems if isinstance(row, str)],
        phrases={key: value for key, value in found.items() if _is_texts(value) and key not in known},
        **{key: found[key] for key in known if key in found},
    )


def _is_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(row, str) for row in value)
