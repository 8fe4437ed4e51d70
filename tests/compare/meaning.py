# SPDX-License-Identifier: Apache-2.0
"""What a QEMU command line means: its options in order, each with its value
taken apart as QEMU does, so that two spellings of one thing are equal."""

import dataclasses

# Options whose value is words with commas between them.
STRUCTURED = {"-device", "-drive", "-netdev", "-object"}
# Those of them whose first word has no key: it says what kind it is.
KINDS = {"-device", "-object"}


@dataclasses.dataclass
class Option:
    """value: None, a text, or the (key, value) pairs of a structured option;
    the kind's key is empty."""

    name: str
    value: object = None

    def get(self, key):
        """The value of the key, None if there is none."""
        if not isinstance(self.value, list):
            return None
        return next((v for k, v in self.value if k == key), None)

    def drop(self, *keys):
        """Removes the pairs of these keys; True if there was one."""
        before = len(self.value)
        self.value = [pair for pair in self.value if pair[0] not in keys]
        return len(self.value) != before

    def __str__(self):
        if self.value is None:
            return self.name
        if isinstance(self.value, str):
            return f"{self.name} {self.value}"
        words = [f"{key}={value}" if key else value
                 for key, value in self.value]
        return f"{self.name} {' '.join(words)}"


def split_words(text):
    """The words of an option string; a comma in a word is written twice."""
    words = [""]
    rest = text
    while rest:
        if rest.startswith(",,"):
            words[-1] += ","
            rest = rest[2:]
        elif rest[0] == ",":
            words.append("")
            rest = rest[1:]
        else:
            words[-1] += rest[0]
            rest = rest[1:]
    return words


def parse_value(option, text):
    """A bare word is the short form of a boolean."""
    if option not in STRUCTURED:
        return text
    pairs = []
    for number, word in enumerate(split_words(text)):
        key, equals, value = word.partition("=")
        if not equals and number == 0 and option in KINDS:
            pairs.append(("", word))
        else:
            pairs.append((key, value if equals else "on"))
    return pairs


def parse(argv):
    """The options of a command line without its program."""
    options = []
    words = list(argv)
    while words:
        name = words.pop(0)
        if words and not words[0].startswith("-"):
            options.append(Option(name, parse_value(name, words.pop(0))))
        else:
            options.append(Option(name))
    return options
