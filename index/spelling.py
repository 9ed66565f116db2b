"""Words that are one slip of the fingers away from a word."""

from string import ascii_lowercase

# A shorter word has too many that are like it, and a longer one is no word.
_SHORT, _LONG = 4, 30


def may_be_misspelled(word: str) -> bool:
    """Whether it is worth a look what a word was meant to be: a figure is taken as it is."""
    return word.isalpha() and _SHORT <= len(word) <= _LONG


def one_slip(word: str) -> set[str]:
    """What a word may have been meant to be: one letter more, less or another, or two exchanged.

    Source: Damerau 1964, A technique for computer detection and correction of spelling errors:
        four of five misspelled words are of these kinds.
    """
    meant: set[str] = set()
    for i in range(len(word) + 1):
        before, after = word[:i], word[i:]
        meant.update(before + letter + after for letter in ascii_lowercase)
        if after:
            meant.update(before + letter + after[1:] for letter in ("", *ascii_lowercase))
        if len(after) > 1:
            meant.add(before + after[1] + after[0] + after[2:])
    return meant - {word}
