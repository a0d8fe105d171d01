"""XML as a tree of elements, without entities, document types or anything from elsewhere."""

from xml.etree.ElementTree import ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

from admin.content.items import FileRefused
from admin.content.tree import Element

MAX_ELEMENTS = 500_000
# More than the markup of a question may have, which is counted from its own text.
MAX_DEPTH = 100


class _Builder:
    """The target of the parser. Names lose their namespaces."""

    def __init__(self) -> None:
        self.root = Element("")
        self.parser: DefusedXMLParser | None = None
        self._open = [self.root]
        self._count = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self._count += 1
        if self._count > MAX_ELEMENTS:
            raise FileRefused(f"The XML has more than {MAX_ELEMENTS} elements.")
        if len(self._open) > MAX_DEPTH:
            raise FileRefused(f"The XML is nested deeper than {MAX_DEPTH} levels.")
        line = self.parser.parser.CurrentLineNumber if self.parser else 0
        names = {_local(name): value for name, value in attributes.items()}
        element = Element(_local(tag), names, line=line)
        self._open[-1].children.append(element)
        self._open.append(element)

    def end(self, _tag: str) -> None:
        self._open.pop()

    def data(self, text: str) -> None:
        self._open[-1].children.append(text)

    def close(self) -> Element:
        return self.root


def _local(name: str) -> str:
    return name.rpartition("}")[2]


def parse_xml(data: bytes) -> Element:
    """The root element. Raises FileRefused."""
    builder = _Builder()
    parser = DefusedXMLParser(target=builder, forbid_dtd=True)
    builder.parser = parser
    try:
        parser.feed(data)
        parser.close()
    except ParseError as error:
        raise FileRefused(f"The XML is not well-formed: {error}.") from error
    except DefusedXmlException as error:
        reason = "The XML declares a document type or entities, which are not read."
        raise FileRefused(reason) from error
    except (LookupError, ValueError) as error:  # an encoding that Python does not know
        raise FileRefused(f"The XML can't be read: {error}.") from error
    (root,) = builder.root.elements()
    return root
