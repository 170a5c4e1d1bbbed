"""
Someone fries fish at seven in the evening: the room with and without the purifier in turbo.

Time is a script's, so the hours pass at once. No model is needed: the purifier is asked for turbo directly.
"""

from datetime import UTC, datetime

from rich.console import Console
from rich.table import Table

from sanso.devices import ScriptedClock, SimulatedPurifier
from sanso.grammars import SetMode

SEVEN = datetime(2026, 3, 20, 19, 0, tzinfo=UTC).timestamp()
SHOWN_MINUTES, DAY_MINUTES = 30, 24 * 60
MODERATE_UG_M3 = 35.0  # Korean grade for PM2.5: 16 to 35 is moderate
UG_M3_PER_CELL = 20.0


def frying_evening(*, turbo: bool) -> list[float]:
    """True PM2.5 in ug/m3 at every minute of a day that begins with ten minutes of frying."""
    clock = ScriptedClock(SEVEN)
    power = "on" if turbo else "off"
    purifier = SimulatedPurifier.from_settings({"power": power}, clock=clock)
    purifier.begin("frying")
    if turbo:
        purifier.apply(SetMode(mode="turbo"))
    minutes = []
    for _ in range(DAY_MINUTES):
        minutes.append(purifier.room.values()["pm25"])
        clock.advance(60)
    return minutes


def clean_again(minutes: list[float]) -> str:
    """Tell when the air is moderate for good after the frying."""
    bad = [at for at, value in enumerate(minutes) if value > MODERATE_UG_M3]
    hours, rest = divmod(bad[-1] + 1, 60)
    return f"moderate again after {hours} h {rest:02d} min"


def main() -> None:
    """Print the half hour that matters, and how long either room takes."""
    off, turbo = frying_evening(turbo=False), frying_evening(turbo=True)
    table = Table("time", "off", "turbo", "", title="PM2.5 in ug/m3", box=None)
    for minute in range(SHOWN_MINUTES + 1):
        time = datetime.fromtimestamp(SEVEN + 60 * minute, UTC).strftime("%H:%M")
        bar = "█" * round(turbo[minute] / UG_M3_PER_CELL)
        rest = "░" * round((off[minute] - turbo[minute]) / UG_M3_PER_CELL)
        table.add_row(time, f"{off[minute]:.0f}", f"{turbo[minute]:.0f}", bar + rest)
    console = Console(highlight=False)
    console.print(table)
    console.print(f"off:   {clean_again(off)}\nturbo: {clean_again(turbo)}")


if __name__ == "__main__":
    main()
