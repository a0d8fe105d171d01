"""A text of mathematics, plain or in TeX, as a tree.

The rules where people write one thing and mean another:

- 2x and 2(x + 1) are products. After a stroke a product without a sign is refused, because 1/2x
  can be read in two ways; so can x^1/2, but not 1/2 x, with its space.
- x2 is refused: it may be 2x, x^2 or x_2.
- sin 2x is sin(2x), and sin x cos x is a product of two; -x^2 is -(x^2); sin^2 x is (sin x)^2.
- log is the logarithm to base 10, ln that to base e. e is Euler's number and i the imaginary unit.
- 1 1/2 and 1\\frac{1}{2} are 3/2.
"""

from fractions import Fraction

from shared.domain.questions.algebra.both_signs import with_both_signs
from shared.domain.questions.algebra.token_reader import TokenReader
from shared.domain.questions.algebra.tokens import NotUnderstood, Token, tokenize
from shared.domain.questions.algebra.tree import MAX_EXPONENT, ROW, Node, is_value, negated
from shared.domain.questions.algebra.vocabulary import (
    ALTERNATIVES,
    FUNCTIONS,
    INVERSES,
    NAMES,
    ROOTS,
    pieces_of,
)

# Of the letters and names that are written without a space. More are a word of a language.
MAX_PIECES = 4
MAX_FACTORIAL = 100

_RELATION_SIGNS = {"=": "=", "!=": "≠", "<": "<", "<=": "≤", ">": ">", ">=": "≥"}
_MATRICES = frozenset({"matrix", "pmatrix", "bmatrix", "array"})
_DEGREE = Node("quotient", (Node("constant", text="π"), Node("number", text="180")))
_TWO, _THREE, _TEN = (Node("number", text=digits) for digits in ("2", "3", "10"))


def parse(text: str, mark: str = ".") -> Node:
    """The tree of the text. `mark` is the decimal mark, a point or a comma.

    A comma separates entries where it isn't the decimal mark; a semicolon always does. A sign ±
    becomes two alternatives. Raises NotUnderstood, and never anything else.
    """
    parser = _Parser(tokenize(text, mark))
    return with_both_signs(parser.parse())


class _Parser(TokenReader):
    """A descent through the grammar, a method for each level of it."""

    def __init__(self, tokens: list[Token]) -> None:
        super().__init__(tokens)
        self._bars = 0

    def parse(self) -> Node:
        if self._next.kind == "end":
            raise NotUnderstood("must not be blank")
        options = [self._entries()]
        while self._next.kind == "word" and self._next.text in ALTERNATIVES:
            self._position += 1
            options.append(self._entries())
        if self._next.kind != "end":
            raise self._unreadable()
        return options[0] if len(options) == 1 else Node("or", tuple(options))

    def _entries(self) -> Node:
        entries = [self._statement()]
        while self._take(",", ";"):
            entries.append(self._statement())
        return entries[0] if len(entries) == 1 else Node("list", tuple(entries))

    def _statement(self) -> Node:
        left = self._union()
        if self._next.kind == "command" and self._next.text == "in" and is_value(left):
            self._position += 1
            return Node("in", (left, self._union()))
        signs, sides = [], [left]
        while self._is_at(*_RELATION_SIGNS):
            signs.append(_RELATION_SIGNS[self._need(*_RELATION_SIGNS)])
            sides.append(self._sum())
        if not signs:
            return left
        if not all(map(is_value, sides)):
            raise NotUnderstood("has a list or an interval beside =, < or >")
        if len(signs) == 1:
            return Node("relation", tuple(sides), signs[0])
        if len(signs) == 2 and (set(signs) <= {"<", "≤"} or set(signs) <= {">", "≥"}):
            return Node("chain", tuple(sides), ",".join(signs))
        raise NotUnderstood("has more than one equals sign; write one equation")

    def _union(self) -> Node:
        parts = [self._sum()]
        while self._next.kind == "command" and self._next.text == "cup":
            self._position += 1
            parts.append(self._sum())
        return parts[0] if len(parts) == 1 else Node("union", tuple(parts))

    def _sum(self) -> Node:
        terms = [self._signed()]
        while True:
            if sign := self._take("+", "-"):
                term = self._product()
                terms.append(negated(term) if sign == "-" else term)
            elif both := self._both_signs():
                terms.append(Node(both, (self._product(),)))
            else:
                break
        if len(terms) == 1:
            return terms[0]
        self._require_values(*terms)
        return Node("sum", tuple(terms))

    def _both_signs(self) -> str | None:
        if self._next.kind == "command" and self._next.text in ("pm", "mp"):
            self._position += 1
            return self._tokens[self._position - 1].text
        return None

    def _signed(self) -> Node:
        if both := self._both_signs():
            return Node(both, (self._product(),))
        if self._take("+"):
            return self._product()
        if self._take("-"):
            product = self._product()
            self._require_values(product)
            return Node("negative", (product,))
        return self._product()

    def _product(self) -> Node:
        factors = [self._factor()]
        while True:
            if self._take("*"):
                factors.append(self._factor())
            elif self._take("/", ":"):
                under = self._divisor()
                self._require_values(*factors, under)
                factors = [Node("quotient", (_product_of(factors), under))]
            elif self._starts_factor():
                factors.append(self._power())
            else:
                break
        if len(factors) > 1:
            self._require_values(*factors)
        return _product_of(factors)

    def _divisor(self) -> Node:
        """What is divided by. Refuses a product without a sign: x/2y."""
        before = self._tokens[self._position - 2]
        under = self._factor()
        if not self._starts_factor():
            return under
        is_fraction = before.kind == "number" and under.op == "number" and self._next.spaced
        if not is_fraction:
            raise NotUnderstood(
                "can be read in two ways after a division sign; write (1/2)x or 1/(2x)"
            )
        return under

    def _factor(self) -> Node:
        """A power with the signs before it."""
        if self._is_at("-", "+"):
            sign = self._need("-", "+")
            self._deeper()
            node = self._factor()
            self._depth -= 1
            self._require_values(node)
            return Node("negative", (node,)) if sign == "-" else node
        return self._power()

    def _starts_factor(self) -> bool:
        """Whether a factor follows without a sign of multiplication."""
        kind, text, _, _ = self._next
        if kind == "word":
            return text not in ALTERNATIVES
        if kind == "command":
            return text not in ("in", "cup", "pm", "mp", "end")
        if kind == "number" and self._position:
            before = self._tokens[self._position - 1]
            raise NotUnderstood(
                f"can't be read at “{before.text} {text}”: write a sign between them, "
                "such as * or ^"
            )
        return text == "(" or (text == "|" and not self._bars)

    def _power(self) -> Node:
        base = self._postfix()
        if not self._take("^"):
            return base
        self._require_values(base)
        raised = self._raised(base)
        is_grouped = self._tokens[self._position - 1].text in ("}", ")", "]", "|")
        may_go_on = base.op == "number" or base.text == "e"
        if may_go_on and not is_grouped and not self._next.spaced and self._starts_factor():
            raise NotUnderstood("can be read in two ways; write e^(2x), or e^2*x")
        return raised

    def _raised(self, base: Node) -> Node:
        self._deeper()
        exponent = self._exponent()
        self._depth -= 1
        if exponent.op == "degree":
            return _in_degrees(base)
        return Node("power", (base, exponent))

    def _exponent(self) -> Node:
        if self._take("°"):
            return Node("degree")
        if self._take("{"):
            if self._take("°"):
                self._need("}")
                return Node("degree")
            exponent = self._group("}")
        elif self._is_at("-", "+"):
            exponent = self._factor()
        else:
            exponent = self._postfix()
            is_digit = self._tokens[self._position - 1].kind == "number"
            if self._is_at("/") and exponent.text == "1" and is_digit:
                raise NotUnderstood("can be read in two ways; write x^(1/2) with parentheses")
            if self._take("^"):
                exponent = self._raised(exponent)
        self._require_values(exponent)
        value = exponent.args[0] if exponent.op == "negative" else exponent
        if value.op == "number" and Fraction(value.text) > MAX_EXPONENT:
            raise NotUnderstood(f"has an exponent beyond {MAX_EXPONENT}")
        return exponent

    def _postfix(self) -> Node:
        node = self._atom()
        while True:
            if self._take("!"):
                self._require_values(node)
                if node.op == "number" and Fraction(node.text) > MAX_FACTORIAL:
                    raise NotUnderstood(f"has a factorial beyond {MAX_FACTORIAL}")
                if node.op == "factorial":
                    raise NotUnderstood("has a factorial of a factorial")
                node = Node("factorial", (node,))
            elif self._take("°"):
                node = _in_degrees(node)
            elif self._take("%"):
                raise NotUnderstood("has a percent sign; write a number without it")
            else:
                return node

    def _atom(self) -> Node:
        self._deeper()
        kind, text, _, _ = self._next
        if kind == "number":
            node = self._number()
        elif kind == "word":
            node = self._word()
        elif kind == "command":
            node = self._command()
        elif text in ("(", "[", "]", "{"):
            node = self._bracketed()
        elif text == "|":
            node = self._absolute()
        else:
            raise self._unreadable()
        self._depth -= 1
        return node

    def _number(self) -> Node:
        token = self._next
        self._position += 1
        number = Node("number", text=_digits(token.text))
        part = self._part_of_mixed(number)
        if part is None:
            return number
        over, under = part
        whole = Fraction(number.text)
        total = Fraction(over, under) + whole
        return Node(
            "quotient",
            (
                Node("number", text=str(total.numerator * (under // total.denominator))),
                Node("number", text=str(under)),
            ),
        )

    def _part_of_mixed(self, number: Node) -> tuple[int, int] | None:
        """The proper fraction after a whole number: 1 1/2 and 1\\frac{1}{2}."""
        if "." in number.text:
            return None
        at, texts = self._position, [token.text for token in self._tokens[self._position :][:7]]
        kinds = [token.kind for token in self._tokens[at : at + 3]]
        if kinds[:1] == ["number"] and texts[1:2] == ["/"] and kinds[2:3] == ["number"]:
            over, under, length = texts[0], texts[2], 3
        elif texts[0] == "frac" and texts[1::2][:2] == ["{", "}"] and texts[4:7:2] == ["{", "}"]:
            over, under, length = texts[2], texts[5], 7
        else:
            return None
        if not (over.isdecimal() and under.isdecimal() and int(over) < int(under)):
            return None
        self._position += length
        return int(over), int(under)

    def _word(self) -> Node:
        """A name, a constant or a function; or some of these, written without spaces."""
        token = self._next
        pieces = pieces_of(token.text)
        if len(pieces) > MAX_PIECES:
            raise NotUnderstood(f"has a word that can't be read: {token.text[:20]}")
        if len(pieces) > 1:
            start = token.start
            spelled = []
            for number, piece in enumerate(pieces):
                spelled.append(Token("word", piece, start, token.spaced if number == 0 else False))
                start += len(piece)
            self._tokens[self._position : self._position + 1] = spelled
        piece = pieces[0]
        self._position += 1
        if piece in FUNCTIONS:
            return self._function(FUNCTIONS[piece])
        node = NAMES.get(piece) or Node("name", text=piece)
        if node.op == "name" and self._is_at("_"):
            return Node("name", text=f"{node.text}_{self._subscript()}")
        while node.op == "name" and self._take("'"):
            node = node._replace(text=f"{node.text}'")
        if self._next.kind == "number" and not self._next.spaced:
            raise NotUnderstood(
                f"can be read in several ways at “{piece}{self._next.text}”: write "
                f"{self._next.text}{piece}, {piece}^{self._next.text} or {piece}_{self._next.text}"
            )
        return node

    def _subscript(self) -> str:
        self._need("_")
        is_group = self._take("{") is not None
        text = ""
        while self._next.kind in ("number", "word"):
            text += self._next.text
            self._position += 1
            if not is_group:
                break
        if is_group:
            self._need("}")
        if not text:
            raise self._unreadable()
        return text

    def _command(self) -> Node:
        name = self._next.text
        if name in FUNCTIONS or name in NAMES:
            token = self._next
            self._tokens[self._position] = Token("word", name, token.start, token.spaced)
            return self._word()
        self._position += 1
        if name in ("frac", "dfrac", "tfrac", "cfrac"):
            over, under = self._argument(), self._argument()
            return Node("quotient", (over, under))
        if name == "begin":
            return self._matrix()
        self._position -= 1
        raise NotUnderstood(f"has a command that can't be read: \\{name[:20]}")

    def _argument(self) -> Node:
        """The argument of a command of TeX: a group, or one sign."""
        if self._take("{"):
            return self._group("}")
        token = self._next
        if token.kind == "number" and len(token.text) > 1 and token.text.isdecimal():
            # TeX takes one digit: \frac12 is a half.
            self._tokens[self._position : self._position + 1] = [
                Token("number", token.text[0], token.start, token.spaced),
                Token("number", token.text[1:], token.start + 1, False),
            ]
            self._position += 1
            return Node("number", text=token.text[0])
        return self._atom()

    def _group(self, *closing: str) -> Node:
        """One value, up to the sign that closes it."""
        bars, self._bars = self._bars, 0
        self._deeper()
        node = self._sum()
        self._depth -= 1
        self._need(*closing)
        self._bars = bars
        self._require_values(node)
        return node

    def _function(self, name: str) -> Node:
        if name in ROOTS:
            return self._root(name)
        base: Node | None = None
        if self._is_at("_"):
            if name != "log":
                raise self._unreadable()
            base = self._base()
        exponent: Node | None = None
        if self._take("^"):
            self._deeper()
            exponent = self._exponent()
            self._depth -= 1
            if exponent == Node("negative", (Node("number", text="1"),)):
                if name not in INVERSES:
                    raise self._unreadable()
                name, exponent = INVERSES[name], None
        operand = self._operand(name)
        self._require_values(operand)
        operands = (operand, base or _TEN) if name == "log" else (operand,)
        call = (
            Node("power", (Node("constant", text="e"), operand))
            if name == "exp"
            else Node("call", operands, name)
        )
        return call if exponent is None else Node("power", (call, exponent))

    def _base(self) -> Node:
        self._need("_")
        if self._take("{"):
            return self._group("}")
        return self._atom()

    def _operand(self, name: str) -> Node:
        if self._take("("):
            return self._group(")")
        if self._take("{"):
            return self._group("}")
        self._deeper()
        if self._take("-"):
            operand = negated(self._operand_factors(name))
        else:
            operand = self._operand_factors(name)
        self._depth -= 1
        return operand

    def _operand_factors(self, name: str) -> Node:
        """The factors that a function without parentheses is of: sin 2x is sin(2x)."""
        if self._next.kind == "end":
            raise NotUnderstood(f"has nothing after {name}")
        is_number = self._next.kind == "number"
        factors = [self._power()]
        if name == "log" and is_number and self._is_at("("):
            raise NotUnderstood("can be read in two ways; write log_2(8), or log(2)*8")
        while self._starts_factor() and not self._starts_function() and not self._is_at("("):
            factors.append(self._power())
        return _product_of(factors)

    def _starts_function(self) -> bool:
        first = pieces_of(self._next.text)[0] if self._next.kind in ("word", "command") else ""
        return first in FUNCTIONS and first not in ROOTS

    def _root(self, name: str) -> Node:
        index = _THREE if name == "cbrt" else _TWO
        if name == "root":
            self._need("(")
            bars, self._bars = self._bars, 0
            index = self._sum()
            self._need(",", ";")
            radicand = self._sum()
            self._need(")")
            self._bars = bars
            self._require_values(index, radicand)
        else:
            if name == "sqrt" and self._take("["):
                index = self._group("]")
            if self._take("("):
                radicand = self._group(")")
            elif self._take("{"):
                radicand = self._group("}")
            else:
                radicand = self._atom()
                if self._is_at("^"):
                    raise NotUnderstood("can be read in two ways; write √(x^2) or (√x)^2")
        if index.op != "number" or not index.text.isdecimal() or not 2 <= int(index.text) <= 100:
            raise NotUnderstood("has a root that is not the second, third or a further one")
        self._require_values(radicand)
        return Node("root", (radicand, index))

    def _absolute(self) -> Node:
        self._need("|")
        self._bars += 1
        node = self._sum()
        self._bars -= 1
        self._need("|")
        self._require_values(node)
        return Node("call", (node,), "abs")

    def _bracketed(self) -> Node:
        """A group, a point, a list in brackets, a set, an interval or a matrix."""
        left = self._need("(", "[", "]", "{")
        bars, self._bars = self._bars, 0
        if left == "{" and self._take("}"):
            self._bars = bars
            return Node("set")
        self._deeper()
        entries, rows = [], []
        while True:
            begins_row = left == "[" and self._is_at("[")
            entry = self._sum()
            entries.append(entry)
            if begins_row and self._tokens[self._position - 1].text == "]":
                rows.append(_row(entry))
            if not self._take(",", ";"):
                break
        self._depth -= 1
        self._bars = bars
        if left == "{":
            self._need("}")
            return Node("set", tuple(entries))
        right = self._need(")", "]") if left == "(" else self._need(")", "]", "[")
        if rows and len(rows) == len(entries) and right == "]":
            return _matrix_of(rows)
        return _in_brackets(left + right, entries)

    def _matrix(self) -> Node:
        self._environment()
        rows: list[list[Node]] = [[]]
        while True:
            rows[-1].append(self._sum())
            if self._take("\\\\"):
                if self._next.text == "end":
                    break
                rows.append([])
            elif not self._take("&"):
                break
        if self._next.kind != "command" or self._next.text != "end":
            raise self._unreadable()
        self._position += 1
        self._environment()
        return _matrix_of([tuple(row) for row in rows])

    def _environment(self) -> None:
        self._need("{")
        if self._next.kind != "word" or self._next.text not in _MATRICES:
            raise self._unreadable()
        self._position += 1
        self._need("}")

    @staticmethod
    def _require_values(*nodes: Node) -> None:
        if not all(map(is_value, nodes)):
            raise NotUnderstood("calculates with a list, a point or an interval")


def _in_brackets(brackets: str, entries: list[Node]) -> Node:
    if len(entries) == 1 and brackets in ("()", "[]"):
        return entries[0]
    if brackets == "()":
        return Node("point", tuple(entries))
    if len(entries) == 2 and all(map(is_value, entries)):
        closed = ("[" if brackets[0] == "[" else "("), ("]" if brackets[1] == "]" else ")")
        return Node("interval", tuple(entries), "".join(closed))
    if brackets == "[]":
        return Node("list", tuple(entries))
    raise NotUnderstood("has brackets that do not belong together")


def _row(entry: Node) -> tuple[Node, ...]:
    """The entries of a row in brackets, as they were read for themselves."""
    return entry.args if entry.op in ("list", "interval") else (entry,)


def _matrix_of(rows: list[tuple[Node, ...]]) -> Node:
    if len({len(row) for row in rows}) > 1:
        raise NotUnderstood("has rows of different lengths")
    if not all(is_value(entry) for row in rows for entry in row):
        raise NotUnderstood("calculates with a list, a point or an interval")
    return Node("matrix", tuple(Node(ROW, row) for row in rows))


def _digits(text: str) -> str:
    text = text.replace(",", ".")
    return f"0{text}" if text.startswith(".") else text


def _product_of(factors: list[Node]) -> Node:
    return factors[0] if len(factors) == 1 else Node("product", tuple(factors))


def _in_degrees(node: Node) -> Node:
    return Node("product", (node, _DEGREE))
