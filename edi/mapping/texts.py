"""Texts cut to the lengths that segments allow, so that reading puts them together again."""

_FRAGMENT = 35


def fragments(text: str, most: int = 5, size: int = _FRAGMENT) -> list[str]:
    """`text` in at most `most` pieces of `size` characters. Pieces end between words and stay shorter than `size`;
    only a word longer than that fills a piece, which tells the reader that it runs on."""
    pieces: list[str] = []
    current = ""
    for word in text.split():
        if current and len(current) + 1 + len(word) < size:
            current += " " + word
            continue
        if current:
            pieces.append(current)
        while len(word) >= size:
            pieces.append(word[:size])
            word = word[size:]  # noqa: PLW2901 - the rest of the same word
        current = word
    if current:
        pieces.append(current)
    return pieces[:most]


def chunks(text: str, size: int) -> list[str]:
    """`text` in lines of at most `size` characters, cut between words where possible; its own line breaks kept."""
    lines: list[str] = []
    for line in text.splitlines():
        rest = line.strip()
        while len(rest) > size:
            cut = rest.rfind(" ", 1, size + 1)
            cut = cut if cut > 0 else size
            lines.append(rest[:cut].strip())
            rest = rest[cut:].strip()
        if rest:
            lines.append(rest)
    return lines


def join_fragments(pieces: list[str]) -> str:
    """Text cut into EDIFACT components: a full piece of 35 characters runs on, a shorter one ends a word."""
    texts = [piece for piece in pieces if piece]
    if len(texts) == 1:
        return texts[0].rstrip()
    return "".join(text if len(text) == _FRAGMENT else text + " " for text in texts).rstrip()
