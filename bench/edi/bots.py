"""botscore set up with a grammar of the benchmark's own messages, in a folder that is thrown away."""

import codecs
import logging
import sys
import tempfile
from pathlib import Path

from edi.guides import find

_SYNTAX = "from botscore.constants import ID, MIN, MAX, LEVEL, QUERIES, SUBTRANSLATION\n"

_UNH = """
UNH = [['BOTSID', 'M', 3, 'A'], ['0062', 'M', 14, 'AN'], ['S009', 'M', [['S009.0065', 'M', 6, 'AN'],
    ['S009.0052', 'M', 3, 'AN'], ['S009.0054', 'M', 3, 'AN'],
    ['S009.0051', 'M', 2, 'AN'], ['S009.0057', 'C', 6, 'AN']]]]
"""
_EDIFACT = """
syntax = {'charset': 'UNOC', 'contenttype': 'application/EDIFACT'}
structure = [{ID: 'UNB', MIN: 0, MAX: 99999, LEVEL: [
    {ID: 'UNH', MIN: 1, MAX: 99999, SUBTRANSLATION: [
        {'BOTSID': 'UNH', 'S009.0065': None}, {'BOTSID': 'UNH', 'S009.0052': None},
        {'BOTSID': 'UNH', 'S009.0054': None}, {'BOTSID': 'UNH', 'S009.0051': None},
        {'BOTSID': 'UNH', 'S009.0057': None}]},
    {ID: 'UNZ', MIN: 1, MAX: 1}]}]
recorddefs = {
    'UNB': [['BOTSID', 'M', 3, 'A'], ['S001', 'M', [['S001.0001', 'M', 4, 'A'], ['S001.0002', 'M', 1, 'N']]],
        ['S002', 'M', [['S002.0004', 'M', 35, 'AN'], ['S002.0007', 'C', 4, 'AN']]],
        ['S003', 'M', [['S003.0010', 'M', 35, 'AN'], ['S003.0007', 'C', 4, 'AN']]],
        ['S004', 'M', [['S004.0017', 'M', 8, 'N'], ['S004.0019', 'M', 4, 'N']]],
        ['0020', 'M', 14, 'AN'], ['0022', 'C', 14, 'AN'], ['0026', 'C', 14, 'AN'],
        ['0029', 'C', 1, 'A'], ['0031', 'C', 1, 'N'], ['0032', 'C', 35, 'AN'], ['0035', 'C', 1, 'N']],
    'UNH': UNH,
    'UNZ': [['BOTSID', 'M', 3, 'A'], ['0036', 'M', 6, 'N'], ['0020', 'M', 14, 'AN']],
    'UNT': [['BOTSID', 'M', 3, 'A'], ['0074', 'M', 6, 'N'], ['0062', 'M', 14, 'AN']],
}
"""
_ORDERS = """
syntax = {'charset': 'UNOC', 'checkcollision': False}
def B():
    return ['BOTSID', 'M', 3, 'A']
def composite(name, most, *formats):
    return [name, 'C', [[f'{name}.{n}', 'C', most, form] for n, form in enumerate(formats)]]
recorddefs = {
    'UNH': UNH,
    'BGM': [B(), composite('C002', 35, 'AN', 'AN', 'AN', 'AN'), ['1004', 'C', 35, 'AN'], ['1225', 'C', 3, 'AN']],
    'DTM': [B(), composite('C507', 35, 'AN', 'AN', 'AN')],
    'FTX': [B(), ['4451', 'M', 3, 'AN'], ['4453', 'C', 3, 'AN'], composite('C107', 17, 'AN', 'AN'),
        composite('C108', 70, 'AN', 'AN', 'AN', 'AN', 'AN')],
    'RFF': [B(), composite('C506', 35, 'AN', 'AN', 'AN', 'AN')],
    'NAD': [B(), ['3035', 'M', 3, 'AN'], composite('C082', 35, 'AN', 'AN', 'AN'), composite('C058', 35, 'AN', 'AN'),
        composite('C080', 35, 'AN', 'AN'), composite('C059', 35, 'AN', 'AN'), ['3164', 'C', 35, 'AN'],
        ['3229', 'C', 9, 'AN'], ['3251', 'C', 9, 'AN'], ['3207', 'C', 3, 'AN']],
    'CUX': [B(), composite('C504', 35, 'AN', 'AN', 'AN', 'AN')],
    'LIN': [B(), ['1082', 'C', 6, 'AN'], ['1229', 'C', 3, 'AN'], composite('C212', 35, 'AN', 'AN', 'AN', 'AN')],
    'PIA': [B(), ['4347', 'M', 3, 'AN'], composite('C212', 35, 'AN', 'AN'), composite('C212x', 35, 'AN', 'AN')],
    'IMD': [B(), ['7077', 'C', 3, 'AN'], ['7081', 'C', 3, 'AN'], composite('C273', 35, 'AN', 'AN', 'AN', 'AN', 'AN')],
    'QTY': [B(), ['C186', 'M', [
        ['C186.6063', 'M', 3, 'AN'], ['C186.6060', 'M', 15, 'N'], ['C186.6411', 'C', 3, 'AN']]]],
    'MOA': [B(), ['C516', 'M', [
        ['C516.5025', 'M', 3, 'AN'], ['C516.5004', 'C', 18, 'N'], ['C516.6345', 'C', 3, 'AN']]]],
    'PRI': [B(), ['C509', 'C', [['C509.5125', 'M', 3, 'AN'], ['C509.5118', 'C', 15, 'N']]]],
    'UNS': [B(), ['0081', 'M', 1, 'A']],
    'CNT': [B(), ['C270', 'M', [['C270.6069', 'M', 3, 'AN'], ['C270.6066', 'M', 18, 'N']]]],
    'UNT': [B(), ['0074', 'M', 6, 'N'], ['0062', 'M', 14, 'AN']],
}
for tag in OTHERS:  # positions of the structure that these messages leave empty
    recorddefs.setdefault(tag, [B(), ['any', 'C', 3, 'AN']])
"""


def _level(node) -> str:
    """A node of our guide in the notation of botscore."""
    own = f"ID: {node.trigger!r}, MIN: {int(node.mandatory)}, MAX: {node.most}"
    below = node.children[1:]
    return f"{{{own}, LEVEL: [{', '.join(map(_level, below))}]}}" if below else f"{{{own}}}"


def _orders() -> str:
    """The whole structure of ORDERS D.96A: a real grammar, as ours is."""
    guide = find("ORDERS", "D.96A")
    assert guide is not None
    return f"structure = [{_level(guide.root)}]\nOTHERS = {sorted(guide.tags)!r}\n"


class Bots:
    """A botscore that can parse the benchmark's EDIFACT file into its tree of nodes."""

    def __init__(self) -> None:
        from botscore import config, node, runtime

        self._folder = tempfile.TemporaryDirectory()
        home = Path(self._folder.name)
        package = home / "benchusersys"
        grammars = package / "grammars" / "edifact"
        grammars.mkdir(parents=True)
        for folder in (package, package / "grammars", grammars):
            (folder / "__init__.py").touch()
        (grammars / "edifact.py").write_text(_SYNTAX + _UNH + _EDIFACT)
        (grammars / "ORDERSD96AUNEAN008.py").write_text(_SYNTAX + _UNH + _orders() + _ORDERS)
        sys.path.insert(0, str(home))
        ini = config.BotsConfig()
        runtime.ensure_runtime_defaults(ini)
        for name in ("data", "logging", "botsenv", "config"):
            ini.set("directories", name, str(home))
        ini.set("directories", "usersysabs", str(package))
        log = logging.getLogger("botscore")
        log.setLevel(logging.ERROR)
        runtime.install_runtime(
            ini,
            configdir=str(home),
            usersys_import_path="benchusersys",
            logger=log,
            logmap=log,
            node_class=node.Node,
        )
        codecs.register(lambda name: codecs.lookup("iso8859-1") if name == "unoc" else None)
        self._home = home

    def parse(self, data: bytes):
        """The tree of `data`, structure, lengths and counts checked. Raises ValueError when it finds a fault."""
        from botscore import inmessage

        path = self._home / "in.edi"
        path.write_bytes(data)
        parsed = inmessage.parse_edi_file(
            editype="edifact", messagetype="edifact", filename=str(path), frompartner="", topartner="", idta=0
        )
        if parsed.errorlist:
            raise ValueError(parsed.errorlist[:3])
        return parsed
