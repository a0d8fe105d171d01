"""A text with ±, as the two alternatives that it stands for."""

from shared.domain.questions.algebra.tokens import NotUnderstood
from shared.domain.questions.algebra.tree import RELATIONS, Node, is_value


def with_both_signs(node: Node) -> Node:
    """The two alternatives of a text with ±."""
    if not _has_both_signs(node):
        return node
    if node.op in RELATIONS and node.text == "=" and not _has_both_signs(node.args[0]):
        name, value = node.args
        upper, lower = _chosen(value, upper=True), _chosen(value, upper=False)
        return Node(
            "or", (Node("relation", (name, upper), "="), Node("relation", (name, lower), "="))
        )
    if is_value(node):
        return Node("or", (_chosen(node, upper=True), _chosen(node, upper=False)))
    raise NotUnderstood("has ± within a list; write the values one by one")


def _has_both_signs(node: Node) -> bool:
    return node.op in ("pm", "mp") or any(map(_has_both_signs, node.args))


def _chosen(node: Node, *, upper: bool) -> Node:
    args = tuple(_chosen(part, upper=upper) for part in node.args)
    if node.op in ("pm", "mp"):
        return args[0] if upper == (node.op == "pm") else Node("negative", args)
    return node._replace(args=args)
