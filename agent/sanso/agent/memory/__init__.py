"""
What outlives the process: timers, the journal, the steps that can be undone.

Strategy: one SQLite file, one transaction a command, written before the answer is given. What time does to that which waits (clock steps,
zones, missed moments, readings that cross a threshold) is arithmetic in modules of its own, and needs no file.
"""
