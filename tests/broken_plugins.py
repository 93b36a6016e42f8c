"""Plugins that are broken, each in one way: its module's code, and what is said of it."""

from __future__ import annotations

from typing import NamedTuple


class Broken(NamedTuple):
    """A broken plugin.

    Attributes:
        code: its module, behind `fake_plugins.HEAD`.
        named: part of what is said of it; empty where nothing is wrong but what it does to others.
        ends_process: whether it ends the process that asks it, or holds it up.
    """

    code: str
    named: str
    ends_process: bool = False


def hook(name: str, answer: str, before: str = "") -> str:
    """A hook that answers an expression."""
    return f"{before}\n@hookimpl\ndef creatorbook_{name}(): return {answer}\n"


def check(body: str, arguments: str = "book") -> str:
    """A check whose function has this body."""
    return f"def find({arguments}):\n    {body}\n" + hook("checks", "[Check('ailing', 'Is it?', find)]")


def shows(item: str) -> str:
    """A check that finds one item."""
    return check(f"return Findings('vetting', ({item},), book.formats)")


_FINE = "Findings('vetting', (Note('seen'),), book.formats)"
_SCHEME = "{'title': 'Ours', 'source': 'us', 'date': 'undated', 'read': '', 'bands': [%s]}"
_PLAYBOOK = "from creatorbook.packs import pack\nrow = pack('playbooks')['playbooks']['launch_seeding']"
_LAYOUT = "layout({'name': 'ours', 'label': 'Ours', 'whose': 'us', 'tables': ['costs'], 'columns': {'kind': ['Art'], 'amount': ['Betrag']}, 'signature': ['kind', 'amount']})"
_READER = f"from dataclasses import replace\nmade = layout_reader({_LAYOUT}, read_plain)\n"

BROKEN: dict[str, Broken] = {
    # loading
    "not importable": Broken("import nothing_of_this_name", "ModuleNotFoundError"),
    "no Python": Broken("def wrong(:", "SyntaxError"),
    "raises at import": Broken("1 / 0", "ZeroDivisionError"),
    "exits at import": Broken("sys.exit(3)", "SystemExit: 3"),
    "interrupts at import": Broken("raise KeyboardInterrupt", "KeyboardInterrupt"),
    "misspelt hook": Broken(hook("chekcs", "[]"), "creatorbook_chekcs"),
    "wrong arguments": Broken("@hookimpl\ndef creatorbook_checks(book): return []", "PluginValidationError"),
    "newer hooks": Broken("creatorbook_hooks = 99", "update it"),
    # answers
    "raises when asked": Broken(hook("checks", "1 / 0"), "ZeroDivisionError"),
    "exits when asked": Broken(hook("playbooks", "sys.exit()"), "SystemExit"),
    "answers a number": Broken(hook("checks", "7"), "where a list is expected"),
    "answers a mapping": Broken(hook("checks", "{'a': 1}"), "where a list is expected"),
    "answers texts": Broken(hook("checks", "['text']"), "a text where Check is expected"),
    "answers things": Broken(hook("attribution_rules", "[object()]"), "where Rule is expected"),
    "answers a generator": Broken(hook("rankings", "(one for one in [])"), "where a list is expected"),
    "a list of playbooks": Broken(hook("playbooks", "[]"), "where a mapping is expected"),
    "no name": Broken(hook("checks", "[Check('', 'Is it?', print)]"), "“name” cannot be used"),
    "a function of none": Broken(check("return None", ""), "“find” cannot be used"),
    "two of one name": Broken(
        hook("checks", "[Check(name, 'Is it?', lambda book: 1 / 0) for name in ('ailing', 'ailing')]"),
        "two of the name “ailing”",
    ),
    "takes a built-in name": Broken(
        hook("playbooks", "{'shop_conversion': row}", _PLAYBOOK), "replaces: [shop_conversion]"
    ),
    "takes the house": Broken(
        "from pathlib import Path\nimport creatorbook.report as r\n"
        + hook("themes", "{'house': Path(r.__file__).parent / 'themes' / 'plain'}"),
        "replaces: [house]",
    ),
    "a playbook without mix": Broken(
        hook("playbooks", "{'ours': {k: v for k, v in row.items() if k != 'mix'}}", _PLAYBOOK), "no “mix”"
    ),
    "a mix of 120 %": Broken(
        hook("playbooks", "{'ours': {**row, 'mix': {'nano': 1.2}}}", _PLAYBOOK), "add up to 1"
    ),
    "a strange goal": Broken(
        hook("playbooks", "{'ours': {**row, 'goal': 'fame'}}", _PLAYBOOK), "no goal “fame”"
    ),
    "a misspelt key": Broken(hook("playbooks", "{'ours': {**row, 'mesures': []}}", _PLAYBOOK), "“mesures”"),
    "a band without ends": Broken(
        hook("tier_schemes", "{'ours': %s}" % (_SCHEME % "{'name': 'nano'}")), "“nano” starts"
    ),
    "bands of text": Broken(
        hook("tier_schemes", "{'ours': %s}" % (_SCHEME % "'nano'")), "a band has no name"
    ),
    "a scheme of text": Broken(hook("tier_schemes", "{'ours': 'nano'}"), "a text where rows"),
    "reasons of text": Broken(hook("reasons", "{'Later': 'spring'}"), "no list of texts"),
    "no theme there": Broken(hook("themes", "{'ours': '/nowhere'}"), "no theme.yml"),
    "a misspelt stage": Broken(hook("notebooks", "{'resutls': []}"), "no stage “resutls”"),
    "no notebook there": Broken(hook("notebooks", "{'plan': ['/nowhere.ipynb']}"), "no file /nowhere.ipynb"),
    "no notebook at all": Broken(hook("notebooks", f"{{'plan': [{__file__!r}]}}"), "is no notebook"),
    "a reader of no table": Broken(
        hook("readers", "[replace(made, tables=('order',))]", _READER), "“tables” cannot be used"
    ),
    "a reader taken twice": Broken(
        hook("readers", "[replace(made, name='orders')]", _READER), "“orders” already"
    ),
    "a command taken": Broken(
        hook("commands", "{'report': print_it}", "def print_it(): ..."), "a command of the name “report”"
    ),
    "a command of text": Broken(hook("commands", "{'ours': 'report'}"), "typer app or a function"),
    "a file outside": Broken(
        hook("outputs", "[Output('../report.html', 'client', bytes)]"), "“file” cannot be used"
    ),
    "a file taken": Broken(
        hook("outputs", "[Output('report.pdf', 'client', make)]", "make = lambda contents: b''"),
        "to-send/report.pdf",
    ),
    # what contributions do
    "a check raises": Broken(check("raise RuntimeError('boom')"), "RuntimeError: boom"),
    "a check exits": Broken(check("sys.exit(3)"), "SystemExit: 3"),
    "a check interrupts": Broken(check("raise KeyboardInterrupt"), "KeyboardInterrupt"),
    "a check without end": Broken(check("return find(book)"), "RecursionError"),
    "a check finds a text": Broken(check("return 'fine'"), "where Findings are expected"),
    "a check finds things": Broken(check("return Findings('vetting', (7,), book.formats)"), "int"),
    "a table without its column": Broken(
        shows("Table('ours.t', 'T', book.tables.creators, {'nothing': Column('N')})"), "KeyError"
    ),
    "a figure of ours": Broken(
        shows("Figure('roi.profit', 'Profit', 1e6, 'money', 'counted', 'us')"),
        "“roi.profit” is creatorbook's own",
    ),
    "a figure of no unit": Broken(shows("Figure('ours.f', 'F', 1.0, 7, 'counted', 'us')"), "ours.f"),
    "writes into the tables": Broken(
        check(
            f"book.tables.creators['fee'] = 99999.0; book.tables.creators.loc[:, 'handle'] = 'x'; return {_FINE}"
        ),
        "",
    ),
    "empties the tables": Broken(
        check(f"del book.tables.creators['handle']; book.tables.frames._copies.clear(); return {_FINE}"), ""
    ),
    "writes into the settings": Broken(check(f"book.client.exchange_rates['USD'] = 9.0; return {_FINE}"), ""),
    "prints": Broken(check(f"print('HELLO'); sys.stderr.write('HELLO'); return {_FINE}"), ""),
    "a ranking raises": Broken(
        hook("rankings", "[Ranking('ours', 'Ours', lambda brief, texts: 1 / 0)]"), "ZeroDivisionError"
    ),
    "a rule loses orders": Broken(
        hook("attribution_rules", "[Rule('ours', 'Ours', lambda paths: [0.0] * len(paths.channels))]"),
        "do not sum",
    ),
    "recognising raises": Broken(
        hook("readers", "[replace(made, recognise=lambda header: 1 / 0)]", _READER), "ZeroDivisionError"
    ),
    "recognises nonsense": Broken(
        hook("readers", "[replace(made, recognise=lambda header: 'yes')]", _READER), "a Match or nothing"
    ),
    "an output raises": Broken(
        hook("outputs", "[Output('ours.txt', 'client', make)]", "def make(contents): return 1 / 0"),
        "ZeroDivisionError",
    ),
    "an output of text": Broken(
        hook("outputs", "[Output('ours.txt', 'client', make)]", "def make(contents): return 'text'"),
        "where bytes are expected",
    ),
    # what ends the process that asks
    "ends the process": Broken(hook("playbooks", "os._exit(0)"), "it ended the process", True),
    "kills the notebook": Broken(check("os.kill(os.getpid(), signal.SIGKILL)"), "it ended the process", True),
    "kills the reader": Broken(
        hook("readers", "[replace(made, recognise=lambda header: os.abort())]", _READER),
        "it ended the process",
        True,
    ),
    "hangs": Broken(hook("readers", "time.sleep(1000)"), "no answer in", True),
}
