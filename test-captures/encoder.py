"""Messages by Erlang's ASN.1 compiler: an encoder of others' making, so that what the writers beside this one and the
plugin both take for granted is tried. encode.escript runs it; script/encode-messages makes the folder that it runs in.

Values are as that compiler has them: a SEQUENCE is a dictionary, a CHOICE a pair of a name and its value, an
OCTET STRING bytes, a text str, an ENUMERATED or NULL a Name. `Encoded` has the octets of values that were encoded once,
so that the captures can be made again where there is no Erlang.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import json
import lzma
import re
import subprocess
from pathlib import Path

HERE = Path(__file__).parent
H225, H245 = 'H323-MESSAGES', 'MULTIMEDIA-SYSTEM-CONTROL'


class Name(str):
    """An atom."""


class Bits(str):
    """A bit string, as it is written."""


NULL = Name('NULL')


def atom(text):
    return f"'{text}'"


def character(letter):
    number = ord(letter)
    return str(number) if number < 256 else f'{{0,0,{number >> 8},{number & 0xff}}}'


def term(value):
    """A value, as Erlang writes it."""
    if isinstance(value, bool):
        return 'true' if value else 'false'
    if isinstance(value, int):
        return str(value)
    if isinstance(value, Bits):
        return str(value)
    if isinstance(value, Name):
        return atom(value)
    if isinstance(value, str):
        return '[' + ','.join(map(character, value)) + ']'
    if isinstance(value, bytes):
        return '<<' + ','.join(map(str, value)) + '>>'
    if isinstance(value, list):
        return '[' + ','.join(map(term, value)) + ']'
    if isinstance(value, dict):
        return '#{' + ','.join(f'{atom(key)}=>{term(one)}' for key, one in value.items()) + '}'
    first, *others = value
    first = atom(first) if isinstance(first, str) else term(first)
    return '{' + ','.join([first, *map(term, others)]) + '}'


TOKEN = re.compile(r"\s*(#\{|=>|<<[^>]*>>|[{}\[\],]|'(?:[^'\\]|\\.)*'|-?\d+|[a-z]\w*)")


def parse(text):
    """The value that a term stands for; its lists of numbers stay lists."""
    tokens = TOKEN.findall(text)
    value, rest = parse_one(tokens, 0)
    assert rest == len(tokens), text
    return value


def parse_many(tokens, at, end):
    items = []
    while tokens[at] != end:
        value, at = parse_one(tokens, at)
        if tokens[at] == '=>':
            second, at = parse_one(tokens, at + 1)
            value = (value, second)
        items.append(value)
        at += tokens[at] == ','
    return items, at + 1


def parse_one(tokens, at):
    token = tokens[at]
    if token == '{':
        items, at = parse_many(tokens, at + 1, '}')
        return tuple(items), at
    if token == '#{':
        items, at = parse_many(tokens, at + 1, '}')
        return dict(items), at
    if token == '[':
        return parse_many(tokens, at + 1, ']')
    if token.startswith('<<'):
        value = Bits(token) if ':' in token else bytes(map(int, filter(None, token[2:-2].split(','))))
    elif token in ('true', 'false'):
        value = token == 'true'
    elif token[0] in '-0123456789':
        value = int(token)
    else:
        value = Name(token.strip("'"))
    return value, at + 1


class Erlang:
    """The compiler, in a folder with the compiled modules."""

    def __init__(self, folder):
        # pylint: disable-next=consider-using-with
        self.process = subprocess.Popen(['escript', HERE / 'encode.escript'], cwd=folder, text=True,
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def ask(self, question):
        self.process.stdin.write(question + '.\n')
        self.process.stdin.flush()
        answer = self.process.stdout.readline().strip()
        if not answer or answer.startswith('error'):
            raise ValueError(f'{answer[:400]}\nwas answered to {question[:1000]}')
        return answer

    def encode(self, module, kind, value):
        return bytes.fromhex(self.ask(f'{{encode,{atom(module)},{atom(kind)},{term(value)}}}'))

    def random(self, module, kind, seed):
        return parse(self.ask(f'{{random,{atom(module)},{atom(kind)},{seed}}}'))


class Encoded:
    """What has been encoded before, in a file; with an Erlang, what has not been is, and is kept."""

    def __init__(self, path, erlang=None):
        self.path, self.erlang = path, erlang
        self.known = json.loads(lzma.decompress(path.read_bytes())) if path.exists() and not erlang else {}

    def encode(self, module, kind, value):
        key = f'{kind} {term(value)}'
        if key not in self.known:
            if not self.erlang:
                raise ValueError(f'{self.path.name} has no {key}: run script/encode-messages')
            self.known[key] = self.erlang.encode(module, kind, value).hex()
        return bytes.fromhex(self.known[key])

    def save(self):
        self.path.write_bytes(lzma.compress(json.dumps(self.known, sort_keys=True).encode(), preset=9))
