"""HTML of other systems as the Markdown and TeX of the app."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from admin.content.items import ItemRefused, Notes
from admin.content.markup import from_html, from_plain, from_unmarked, plain_text


@pytest.mark.parametrize(
    ("html", "markdown"),
    [
        ("<p>One</p><p>Two</p>", "One\n\nTwo"),
        ("<p>One<br>Two<br/></p>", "One  \nTwo"),
        ("One\n  two&nbsp;three &lt;b&gt;", "One two three \\<b>"),
        ("<b> bold </b>and <i>it</i>", "**bold** and *it*"),
        ("<b></b><strong><br></strong>x", "x"),
        ("<ul><li>a<li>b<ul><li>c</li></ul></li></ul>", "- a\n- b\n\n  - c"),
        ("<ol><li>a</li><li><p>b</p><p>c</p></li></ol>", "1. a\n2. b\n\n   c"),
        ("<h2>Title</h2>text", "**Title**\n\ntext"),
        ("<pre>a\n  b</pre>", "```\na\n  b\n```"),
        ("<blockquote><p>a</p><p>b</p></blockquote>", "> a\n>\n> b"),
        ("<table><caption>a</caption><tr><td>1<td>2</tr></table>", "a  \n1 | 2"),
        ("H<sub>2</sub>O and x<sup>n+1</sup>", "H₂O and xⁿ⁺¹"),
        ("the 4<sup>th</sup>", r"the 4\(^{\text{th}}\)"),
        ('<a href="https://example.org/a">site</a>', "[site](https://example.org/a)"),
        ('<a href="javascript:alert(1)">site</a>', "site"),
        ("<code>x = 1</code>", "`x = 1`"),
        ("<style>p {}</style>a<!-- no -->b", "ab"),
        (r"<p>\(a_1 * b_1\) and $$\frac{1}{2}$$ and 2 * 3</p>", None),
        ("<p>1. no list</p><p># no heading</p><p>- no item</p>", None),
        ("snake_case and _word_ and ___ gap", r"snake_case and \_word\_ and ___ gap"),
        ("a [b](c)", "a [b&#93;(c)"),
        ("<math><mi>x</mi><mo>≤</mo><msqrt><mn>2</mn></msqrt></math>", r"\(x≤\sqrt{2}\)"),
        (
            '<math><semantics><mi>x</mi><annotation encoding="application/x-tex">x_1'
            "</annotation></semantics></math>",
            r"\(x_1\)",
        ),
        ('<math display="block"><mfrac><mn>1</mn><mi>n</mi></mfrac></math>', r"$$\frac{1}{n}$$"),
    ],
)
def test_html_becomes_markdown(html: str, markdown: str | None) -> None:
    expected = {
        "<p>\\": r"\(a_1 * b_1\) and $$\frac{1}{2}$$ and 2 \* 3",
        "<p>1": "1\\. no list\n\n\\# no heading\n\n\\- no item",
    }
    assert from_html(html, Notes()) == (markdown or expected[html[:4]])


@pytest.mark.parametrize(
    ("html", "codes"),
    [
        ('<img src="https://a.example/x.png" alt="x">', {"image"}),
        ("<table><tr><td>1<td>2</tr></table>", {"table"}),
        ("<script>alert(1)</script><video>no</video>", {"markup"}),
        ("<p><span style='color: red'>a</span></p>", set()),
    ],
)
def test_what_the_app_can_not_show_is_named(html: str, codes: set[str]) -> None:
    notes = Notes()
    shown = from_html(html, notes)
    assert {note.code for note in notes.notes} == codes
    assert "alert" not in shown


@given(st.text())
def test_any_text_becomes_markdown(text: str) -> None:
    from_html(text, Notes())
    from_unmarked(text, Notes())
    plain_text(text)


@given(st.text(alphabet="<>/bpuliol= \"'&;a\n", max_size=80))
def test_any_markup_becomes_markdown_and_keeps_its_letters(html: str) -> None:
    try:
        shown = from_html(html, Notes())
    except ItemRefused:
        return
    assert "\x00" not in shown


@given(st.text(alphabet="abc xyz", max_size=40))
def test_a_text_without_marks_stays_as_it_is(text: str) -> None:
    assert from_plain(text) == text.strip()


@pytest.mark.parametrize("unit", ["<a ", "<!--", "</", "<a href='", "<![CDATA[", "<!", "<?"])
def test_tags_without_an_end_are_text_and_take_no_time(unit: str) -> None:
    shown = from_html(f"before {unit * (100_000 // len(unit))}", Notes())
    assert shown.startswith("before")
    assert len(shown) > 90_000


def test_a_formula_never_loses_a_part() -> None:
    with pytest.raises(ItemRefused):
        from_html("<math><mi>x</mi><mglyph/></math>", Notes())
