# SPDX-License-Identifier: BSL-1.0
"""Finds in C++ what can be made wrong, and plants the switches that make it so.

A call may be dropped, a condition negated, a constant made zero or twice what it is. Lines keep their
numbers, so that what the compiler says of a planted file is true of the original one.
"""

import dataclasses
import re

NUMBER = re.compile(r"(?<![\w.'])(?:\d+\.\d+|[1-9]\d*)(?![\w.'])")
CALL = re.compile(r"(?:[\w]+(?:::|\.|->|\(\)\.|\(\)->))*[\w]+\(")
CONSTANT = re.compile(r"^(\s*)(static )?constexpr ([\w:]+ |std::array<[^;=]*> |)(\w+)( = |\{)")
NOT_A_CALL = {"if", "for", "while", "switch", "return", "static_assert", "sizeof", "catch", "noexcept", "throw",
              "decltype", "co_return", "case"}
UNTOUCHED = ("#", "template", "static_assert", "using ", "case ", "enum ", "friend ")


@dataclasses.dataclass(frozen=True)
class Mutant:
    file: str
    line: int
    what: str  # for people
    name: str = ""  # of the constant, if it is one

    def __str__(self):
        return f"{self.file}:{self.line}: {self.what}"


@dataclasses.dataclass(frozen=True)
class Edit:
    """Replaces a part of the text by a form in which {0}, {1} are the numbers of these mutants."""
    begin: int
    end: int
    form: str
    mutants: tuple


def masked(text):
    """The text with its comments and strings blanked, as long as before."""
    blank = re.compile(r'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])\'', re.S)
    return blank.sub(lambda found: re.sub(r"[^\n]", " ", found[0]), text)


def closing(code, begin):
    """Where the bracket that opens at `begin` is closed."""
    depth = 0
    for at in range(begin, len(code)):
        depth += (code[at] in "([{") - (code[at] in ")]}")
        if depth == 0:
            return at
    return len(code)


def line_of(code, at):
    return code.count("\n", 0, at) + 1


def short(text):
    return re.sub(r"\s+", " ", text).strip()[:90]


def negated_conditions(file, text, code):
    for found in re.finditer(r"\bif \(", code):
        begin = found.end() - 1
        end = closing(code, begin)
        condition = code[begin + 1:end]
        if ";" in condition or re.match(r"\s*(auto|\w+) ?(const)?\b[\w\s*&]*\w+ = ", condition):
            continue
        yield from negation(file, text, code, begin + 1, end)
    for found in re.finditer(r"\breturn ([^;{}?]*);", code):
        value = found[1]
        if re.search(r"<=>|<<|>>|\[", value) or not re.search(r"^!|&&|\|\|| == | != | < | > | <= | >= ", value):
            continue
        yield from negation(file, text, code, found.start(1), found.end(1))


def negation(file, text, code, begin, end):
    mutant = Mutant(file, line_of(code, begin), f"not ({short(text[begin:end])})")
    yield Edit(begin, begin, "mutants::is({0}) != static_cast<bool>(", (mutant,))
    yield Edit(end, end, ")", ())


def dropped_calls(file, text, code):
    for found in re.finditer(r"(?<=[;{})e])\s*\n(\s*)(?=[\w])", code):
        begin = found.end()
        call = CALL.match(code, begin)
        if not call or re.split(r"::|\.|->|\(", call[0])[0] in NOT_A_CALL:
            continue
        before = code[:found.start()].rstrip()
        if before.endswith("e") and not re.search(r"\belse$", before):
            continue
        end = closing(code, call.end() - 1) + 1
        while re.match(r"(\.|->)\w+\(", code[end:]):
            end = closing(code, code.index("(", end)) + 1
        if code[end:end + 1] != ";":
            continue
        # Initialisers of a constructor and declarations stand at class level; statements are indented by four at least.
        if len(found[1]) < 4:
            continue
        mutant = Mutant(file, line_of(code, begin), f"without {short(text[begin:end])}")
        yield Edit(begin, begin, "if (mutants::is({0})) {{}} else ", (mutant,))


def scaled_constants(file, text, code):
    offset = 0
    for number, line in enumerate(code.split("\n"), start=1):
        begin, offset = offset, offset + len(line) + 1
        constant = CONSTANT.match(line)
        if constant:
            end = code.find(";", begin)
            value = begin + constant.end()
            if "[" in code[value:end] or (file.endswith(".hpp") and not constant[2] and not constant[3]):
                continue
            yield from scaling(file, text, number, (begin, value, end), constant)
        elif not line.lstrip().startswith(UNTOUCHED) and "constexpr" not in line:
            yield from scaled_numbers(file, number, begin, line)


def scaling(file, text, number, place, constant):
    begin, value, end = place
    margin, of_class, kind, name, opening = constant.groups()
    both = tuple(Mutant(file, number, f"{name} x {by}", name) for by in (0, 2))
    kind = kind.strip() or "auto"
    storage = "static inline" if of_class else "static" if file.endswith(".cpp") else "inline"
    made = kind + text[value - 1:end] if opening == "{" else text[value:end]
    yield Edit(begin, end, f"{margin}{storage} {kind} const {name} = mutants::constant("
               "{0}, {1}, " + escaped(made) + ")", both)


def escaped(text):
    return text.replace("{", "{{").replace("}", "}}")


def scaled_numbers(file, number, begin, line):
    for found in NUMBER.finditer(line):
        before = line[:found.start()]
        if re.search(r"(?<!\?) : ?$", before) and "?" not in line or re.search(r"<\s*$", before) and ">" in line[found.end():]:
            continue
        if re.search(r"std::array<[^>]*$", before):
            continue  # the size of a type is the same in every mutant
        both = tuple(Mutant(file, number, f"{found[0]} x {by} in {short(line)}") for by in (0, 2))
        yield Edit(begin + found.start(), begin + found.end(),
                   "mutants::scaled({0}, {1}, " + found[0] + ")", both)


def edits_of(file, text):
    """All that can be planted; where two places overlap, the first kind wins."""
    code = masked(text)
    chosen = []
    for each in (*scaled_constants(file, text, code), *negated_conditions(file, text, code), *dropped_calls(file, text, code)):
        if each.begin == each.end or all(each.end <= other.begin or each.begin >= other.end for other in chosen):
            chosen.append(each)
    return chosen


def planted(text, edits, number_of):
    """The text with these edits; a mutant without a number never comes to be."""
    # What is inserted where something else begins comes before it, the outer before the inner.
    for each in sorted(edits, key=lambda edit: (edit.begin, edit.end), reverse=True):
        numbers = [number_of.get(mutant, -1) for mutant in each.mutants]
        text = text[:each.begin] + each.form.format(*numbers) + text[each.end:]
    return text
