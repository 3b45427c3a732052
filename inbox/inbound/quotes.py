"""What somebody wrote in an answer, without what they answered and without their signature. Pure.

English, Italian, German, French and Spanish, in the forms of Gmail, Outlook and Apple Mail. Where one answers between
the quoted lines, these stay: the answer would say nothing without them.
"""

import re

ATTRIBUTION = re.compile(
    r"""^[ \t>]*(?:
        On\ .{4,250}\ wrote
      | (?:Il|In\ data)\ .{4,250}\ (?:ha|hanno)\ scritto
      | Am\ .{4,250}\ schrieb.{0,150}
      | Le\ .{4,250}\ a\ écrit
      | El\ .{4,250}\ escribió
      | \d{4}-\d\d-\d\d\ \d\d?:\d\d.{2,200}<[^>\n]{3,200}>
    )\s*:\s*$""",
    re.VERBOSE | re.IGNORECASE,
)
STARTS = re.compile(r"^[ \t>]*(?:On|Il|In data|Am|Le|El)\s", re.IGNORECASE)
DIVIDER = re.compile(
    r"""^\s*(?:
        -{2,}\ *(?:Original\ Message|Original-Nachricht|Messaggio\ originale|Ursprüngliche\ Nachricht
          |Message\ d['’]origine|Message\ original|Mensaje\ original|Forwarded\ message|Messaggio\ inoltrato
          |Weitergeleitete\ Nachricht|Message\ transféré|Mensaje\ reenviado)\ *-{2,}
      | _{20,}
      | Begin\ forwarded\ message:
    )\s*$""",
    re.VERBOSE | re.IGNORECASE,
)
FROM = re.compile(r"^\s*\*?(?:From|Da|Von|De)\s?:\*?\s+\S", re.IGNORECASE)
HEADER = re.compile(
    r"""^\s*\*?(?:Sent|Date|To|Cc|Subject|Inviato|Data|A|Per\ conoscenza|Oggetto|Gesendet|Datum|An|Betreff
      |Envoyé|À|Objet|Enviado(?:\ el)?|Fecha|Para|Asunto)\s?:\*?(?:\s|$)""",
    re.VERBOSE | re.IGNORECASE,
)
PHONE = re.compile(
    r"""^\s*(?:
        (?:Sent|Enviado|Envoyé|Inviato|Gesendet)\ (?:from|desde|de|depuis|da|dal|von|mit|with|using)\b.{1,80}
      | Von\ mein(?:em|er)\ .{2,40}\ gesendet
      | (?:Get|Scarica|Hol(?:en)?\ Sie\ sich|Obtenir|Téléchargez|Obtener|Descargue)\ Outlook\b.{0,80}
    )\s*$""",
    re.VERBOSE | re.IGNORECASE,
)
SIGNATURE = re.compile(r"^--\s?$")
LONGEST = 4  # lines over which mail programs break an attribution
AT_MOST = 20_000  # lines that are looked at


def answer_of(text: str) -> str:
    """The words of the answer; "" where there are none."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")[:AT_MOST]
    lines = _without_quote([line.replace("\xa0", " ").rstrip() for line in lines])
    return "\n".join(_without_signature(lines)).strip()


def _without_quote(lines: list[str]) -> list[str]:
    for index, line in enumerate(lines):
        if DIVIDER.match(line) or _is_outlook_header(lines, index):
            return _without_tail(lines[:index])
        length = _attribution(lines, index)
        if length:
            rest = lines[index + length :]
            return _without_tail(lines[:index] + (rest if _is_between(rest) else []))
    return _without_tail(lines)


def _attribution(lines: list[str], index: int) -> int:
    """Over how many lines an attribution ("On … wrote:") stands here; 0 for none."""
    if not STARTS.match(lines[index]) and not ATTRIBUTION.match(lines[index]):
        return 0
    for length in range(1, LONGEST + 1):
        joined = " ".join(line.strip(" \t>") for line in lines[index : index + length])
        if ATTRIBUTION.match(joined):
            return length
    return 0


def _is_outlook_header(lines: list[str], index: int) -> bool:
    """True where a block From, Sent, To, Subject begins: at least two of the others within five lines."""
    if not FROM.match(lines[index]):
        return False
    return sum(bool(HEADER.match(line)) for line in lines[index + 1 : index + 6]) >= 2


def _is_quoted(line: str) -> bool:
    return line.lstrip().startswith(">")


def _is_between(rest: list[str]) -> bool:
    """True where quoted lines have words of one's own after them, before any signature."""
    own = _without_signature(rest)
    quoted = [index for index, line in enumerate(own) if _is_quoted(line)]
    return bool(quoted) and any(line.strip() and not _is_quoted(line) for line in own[quoted[0] :])


def _without_tail(lines: list[str]) -> list[str]:
    """Less the quoted lines at the end: nothing of one's own comes after them."""
    end = len(lines)
    while end and (not lines[end - 1].strip() or _is_quoted(lines[end - 1])):
        end -= 1
    return lines[:end]


def _without_signature(lines: list[str]) -> list[str]:
    for index, line in enumerate(lines):
        if SIGNATURE.match(line):
            lines = lines[:index]
            break
    while lines and (not lines[-1].strip() or PHONE.match(lines[-1])):
        lines = lines[:-1]
    return lines
