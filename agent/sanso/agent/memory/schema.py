"""The tables of the memory, as commands that lead from each version to the next.

A version that was released is never edited: a change is a new entry at the end.
"""

from typing import Final

MIGRATIONS: Final[tuple[tuple[str, ...], ...]] = (
    (
        # What waits. A claimed one is being carried out: found at a start, nobody knows how far it came.
        (
            "CREATE TABLE timers (id INTEGER PRIMARY KEY, statement TEXT NOT NULL, due REAL, zone TEXT NOT NULL, "
            "change TEXT, days TEXT NOT NULL, armed INTEGER, dated INTEGER NOT NULL, claimed INTEGER NOT NULL)"
        ),
        (
            "CREATE TABLE journal (id INTEGER PRIMARY KEY AUTOINCREMENT, at REAL NOT NULL, kind TEXT NOT NULL, "
            "source TEXT NOT NULL, sentence TEXT NOT NULL, program TEXT NOT NULL, evidence TEXT, before TEXT NOT NULL, "
            "after TEXT NOT NULL, words TEXT NOT NULL, bytes INTEGER NOT NULL)"
        ),
        # What an undo takes back; it goes with its row of the journal.
        (
            "CREATE TABLE steps (source TEXT NOT NULL, "
            "journal INTEGER NOT NULL REFERENCES journal(id) ON DELETE CASCADE, place INTEGER NOT NULL, "
            "step TEXT NOT NULL, PRIMARY KEY (source, journal, place))"
        ),
        "CREATE INDEX steps_journal ON steps(journal)",
        # Rows that this version cannot read, as they were.
        "CREATE TABLE aside (id INTEGER PRIMARY KEY, kind TEXT NOT NULL, row TEXT NOT NULL, reason TEXT NOT NULL)",
        "CREATE TABLE facts (name TEXT PRIMARY KEY, value TEXT NOT NULL)",
    ),
)
