"""Right answers computed from a question's subject, independently of its answer key."""

import math
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

from tests.unit.local.bank import notes
from tests.unit.local.bank.notes import DEGREES, OCTAVE, Key

Number = Fraction | float

NOTE_VALUES = {
    "whole note": Fraction(1),
    "half note": Fraction(1, 2),
    "quarter note": Fraction(1, 4),
    "eighth note": Fraction(1, 8),
    "sixteenth note": Fraction(1, 16),
}
OTHER_NAMES = {"eighth": "eighth note", "8th note": "eighth note", "quaver": "eighth note"}
PER_SECOND = {"seconds": 1, "milliseconds": 1_000}
CENTS = 1_200  # to the octave


def lasts(text: str) -> Fraction:
    """A note value, in whole notes. Raises KeyError for other texts."""
    name = text.removeprefix("an ").removeprefix("a ")
    plain = name.removeprefix("dotted ")
    value = NOTE_VALUES[OTHER_NAMES.get(plain, plain)]
    return value if plain == name else value * Fraction(3, 2)


def total(values: list[str]) -> Fraction:
    return sum(map(lasts, values), Fraction(0))


def beats(bars: int, signature: str, beat: str) -> Fraction:
    return bars * Fraction(signature) / lasts(beat)


def compound(signature: str) -> bool:
    upper = int(signature.partition("/")[0])
    return upper > 3 and upper % 3 == 0


def signed(sharps: int, accidental: str) -> int:
    """The number of sharps, or of flats where those are asked for."""
    return {"sharps": sharps, "flats": -sharps}[accidental]


def pattern(scale: str) -> str:
    return " ".join("-HW"[step] for step in notes.steps(notes.scale(scale)))


def relative(text: str, key: str, mode: str) -> bool:
    found = notes.key(text, mode=mode)
    return found.mode == mode and found.sharps == notes.key(key).sharps


def inverted(text: str, interval: str) -> bool:
    one, other = notes.interval(text), notes.interval(interval)
    return (one.letters + other.letters, one.semitones + other.semitones) == (7, OCTAVE)


def most_sharps(text: str, tonics: list[str], mode: str) -> bool:
    keys = [Key(notes.note(tonic), mode) for tonic in tonics]
    return notes.key(text) == max(keys, key=lambda key: key.sharps)


def tempered(at: str, reference: float, note: str) -> float:
    return reference * 2 ** ((notes.pitch(note) - notes.pitch(at)) / OCTAVE)


def nearest_note(text: str, at: str, reference: float, frequency: float) -> bool:
    away = round(OCTAVE * math.log2(frequency / reference))
    return notes.pitch(text) == notes.pitch(at) + away


def hertz(text: str) -> int:
    return int(text.removesuffix(" Hz"))


# By kind of check: the right number.
NUMBERS: dict[str, Callable[..., Number]] = {
    "semitones": lambda lower, upper: notes.pair(f"{lower} up to {upper}").semitones,
    "size": lambda interval: notes.interval(interval).semitones,
    "stacked": lambda intervals: sum(notes.interval(name).semitones for name in intervals),
    "difference": lambda up, down: notes.interval(up).semitones - notes.interval(down).semitones,
    "how_many": lambda part, whole: lasts(whole) / lasts(part),
    "sum": total,
    "shared": lambda value, among: lasts(value) / among,
    "lasting": lambda per_minute, beat, value: (
        Fraction(60, per_minute) * lasts(value) / lasts(beat)
    ),
    "tune": lambda per_minute, **bars: Fraction(60, per_minute) * beats(**bars),
    "tempo": lambda seconds, **bars: Fraction(60, seconds) * beats(**bars),
    "signature": lambda key, accidental: signed(notes.key(key).sharps, accidental),
    "steps_of_fifths": lambda start, end: notes.key(end).sharps - notes.key(start).sharps,
    "wavelength": lambda speed, frequency: Fraction(speed) / frequency,
    "frequency": lambda speed, wavelength: speed / wavelength,
    "period": lambda frequency, unit: Fraction(PER_SECOND[unit], frequency),
    "distance": lambda speed, seconds: speed * seconds,
    "echo": lambda speed, seconds: speed * seconds / 2,
    "tempered": tempered,
    "semitone_ratio": lambda: 2 ** (1 / OCTAVE),
    "beats": lambda first, second: abs(second - first),
    "scaled": lambda frequency, ratio: frequency * Fraction(ratio),
    "product": lambda ratios: math.prod(map(Fraction, ratios)),
    "stopped_string": lambda part: 1 / Fraction(part),
    "string": lambda length, speed: speed / (2 * length),
    "cents_wider": lambda ratio, semitones: (
        CENTS * math.log2(Fraction(ratio)) - semitones * CENTS / OCTAVE
    ),
}

# By kind of check: whether a choice or an accepted answer is right.
JUDGES: dict[str, Callable[..., bool]] = {
    "pairs_spanning": lambda text, semitones: notes.pair(text).semitones == semitones,
    "pairs_of_quality": lambda text, quality: notes.pair(text).name.split()[0] == quality,
    "interval": lambda text, lower, upper: notes.pair(f"{lower} up to {upper}").name == text,
    "inversion": inverted,
    "note_above": lambda text, interval, note: (
        notes.note(text) == notes.note_above(notes.note(note), notes.interval(interval))
    ),
    "single_note": lambda text, count, value: lasts(text) == count * lasts(value),
    "filling_note": lambda text, signature, values: total([*values, text]) == Fraction(signature),
    "fillings": lambda text, signature: total(text.split(" + ")) == Fraction(signature),
    "compound_times": compound,
    "key_with": lambda text, count, accidental, mode: (
        notes.key(text).mode == mode and signed(notes.key(text).sharps, accidental) == count
    ),
    "most_sharps": most_sharps,
    "in_signature": lambda text, key: notes.note(text) in notes.key(key).signature,
    "relative": relative,
    "last_accidental": lambda text, key: notes.note(text) == notes.key(key).signature[-1],
    "step_pattern": lambda text, scale: text == pattern(f"C {scale}"),
    "in_scale": lambda text, scale: notes.note(text) in notes.scale(scale),
    "degree": lambda text, degree, scale: (
        notes.note(text) == notes.scale(scale)[DEGREES.index(degree)]
    ),
    "scale_of": lambda text, names: notes.scale(text) == [*map(notes.note, names.split(", "))],
    "wavelengths_over": lambda text, speed, length: speed / hertz(text) > length,
    "harmonics": lambda text, fundamental: (
        hertz(text) >= fundamental and hertz(text) % fundamental == 0
    ),
    "nearest_note": nearest_note,
}


def number(check: Mapping[str, Any]) -> Number:
    return NUMBERS[check["kind"]](**_given(check))


def is_right(text: str, check: Mapping[str, Any]) -> bool:
    """Raises ValueError or KeyError for texts that the kind of check does not know."""
    return JUDGES[check["kind"]](text, **_given(check))


def _given(check: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in check.items() if name != "kind"}
