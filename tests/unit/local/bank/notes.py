"""Notes, intervals, keys and scales from first principles: seven letters and the circle of fifths.

Every parser accepts the notations that the questions use and raises ValueError for others.
"""

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

LETTERS = "CDEFGAB"
NATURAL = (0, 2, 4, 5, 7, 9, 11, 12)  # semitones of the white keys above C
FIFTHS = "FCGDAEB"  # the order in which sharps enter; flats enter from its end
SIGNS = {"": 0, "natural": 0, "sharp": 1, "#": 1, "♯": 1, "flat": -1, "b": -1, "♭": -1}
NUMBERS = ("unison", "second", "third", "fourth", "fifth", "sixth", "seventh", "octave")
DEGREES = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh")
PERFECT = {"unison", "fourth", "fifth", "octave"}
OCTAVE = 12


class Note(NamedTuple):
    letter: str
    alteration: int = 0

    @property
    def fifths(self) -> int:
        """Its place on the line of fifths, counted from C; also the sharps of its major key."""
        return FIFTHS.index(self.letter) - 1 + 7 * self.alteration

    @property
    def semitones(self) -> int:
        """Above the C of its octave."""
        return NATURAL[LETTERS.index(self.letter)] + self.alteration


class Interval(NamedTuple):
    letters: int  # from one letter to the other: two for a third
    semitones: int

    @property
    def name(self) -> str:
        number = NUMBERS[self.letters]
        excess = self.semitones - NATURAL[self.letters]
        return f"{qualities(number)[excess]} {number}"


def qualities(number: str) -> dict[int, str]:
    """By semitones more than the white keys above C have."""
    if number in PERFECT:
        return {-1: "diminished", 0: "perfect", 1: "augmented"}
    return {-2: "diminished", -1: "minor", 0: "major", 1: "augmented"}


class Key(NamedTuple):
    tonic: Note
    mode: str

    @property
    def sharps(self) -> int:
        """How many sharps are in the signature; flats count below zero."""
        return self.tonic.fifths - (3 if self.mode == "minor" else 0)

    @property
    def signature(self) -> list[Note]:
        """The altered notes in the order in which they are written."""
        if self.sharps >= 0:
            return [Note(letter, 1) for letter in FIFTHS[: self.sharps]]
        return [Note(letter, -1) for letter in FIFTHS[: self.sharps - 1 : -1]]


def note(text: str) -> Note:
    """Reads E flat, E-flat, Eb, E♭ or E."""
    read = re.fullmatch(r"([A-G])[ -]?(natural|sharp|flat|#|♯|b|♭|)", text)
    if not read:
        raise ValueError(f"no note: {text}")
    return Note(read[1], SIGNS[read[2]])


def pitch(text: str) -> int:
    """Reads C4, C 4 or middle C as semitones above C0."""
    read = re.fullmatch(r"(.+?) ?(\d)", "C4" if text == "middle C" else text)
    if not read:
        raise ValueError(f"no note with its octave: {text}")
    return note(read[1]).semitones + OCTAVE * int(read[2])


def interval(text: str) -> Interval:
    """Reads a minor third; an octave is perfect unless it says otherwise."""
    quality, _, number = text.rpartition(" ")
    letters = NUMBERS.index(number)
    (excess,) = (e for e, name in qualities(number).items() if name == (quality or "perfect"))
    return Interval(letters, NATURAL[letters] + excess)


def key(text: str, *, mode: str | None = None) -> Key:
    """Reads E flat major, Em or E min; the mode may go without saying."""
    read = re.fullmatch(r"(.+?)(?:[ -]?(major|minor|min|m))?", text)
    named = read and ({"m": "minor", "min": "minor"}.get(read[2], read[2]) or mode)
    if not read or not named:
        raise ValueError(f"no key: {text}")
    return Key(note(read[1]), named)


def above(lower: Note, upper: Note) -> Interval:
    """From the lower note up to the next one of the upper one's name."""
    letters = LETTERS.index(upper.letter) - LETTERS.index(lower.letter)
    return Interval(letters % 7, upper.semitones - lower.semitones + (OCTAVE if letters < 0 else 0))


def note_above(lower: Note, distance: Interval) -> Note:
    plain = Note(LETTERS[(LETTERS.index(lower.letter) + distance.letters) % 7])
    return plain._replace(alteration=distance.semitones - above(lower, plain).semitones)


def pair(text: str) -> Interval:
    """Reads "A up to C"."""
    lower, _, upper = text.partition(" up to ")
    return above(note(lower), note(upper))


def scale(text: str) -> list[Note]:
    """Reads D major, D natural minor or D harmonic minor."""
    read = re.fullmatch(r"(.+) (major|natural minor|harmonic minor)", text)
    if not read:
        raise ValueError(f"no scale: {text}")
    tonic, form = note(read[1]), read[2]
    altered = {
        found.letter: found
        for found in Key(tonic, "major" if form == "major" else "minor").signature
    }
    start = LETTERS.index(tonic.letter)
    notes = [altered.get(letter, Note(letter)) for letter in LETTERS[start:] + LETTERS[:start]]
    if form == "harmonic minor":
        notes[-1] = notes[-1]._replace(alteration=notes[-1].alteration + 1)
    return notes


def steps(notes: list[Note]) -> Iterator[int]:
    """The semitones from each note of a scale to the next, up to the octave."""
    for lower, upper in pairwise([*notes, notes[0]]):
        yield above(lower, upper).semitones
