"""Markdown of messages: what it gives, and what it never gives."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html as parser

from chat.markdown import BLOCKS, INLINE, mentioned, render

PEOPLE = {"luca conti": 3, "marta riva": 4, "marta": 5}

HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "![x](https://evil.example/pixel.png)",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](  javascript&#58;alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](vbscript:msgbox)",
    "<javascript:alert(1)>",
    "<a href='javascript:alert(1)'>x</a>",
    '[x](https://a.example "onmouseover=alert(1)")',
    '[x](https://a.example/"onmouseover="alert(1))',
    "https://a.example/\"onmouseover='alert(1)'",
    "`<script>`",
    "```html\n<script>alert(1)</script>\n```",
    "<svg/onload=alert(1)>",
    "<style>*{display:none}</style>",
    "<iframe src=//evil.example>",
    "<form action=//evil.example><input>",
    "[ref]: javascript:alert(1)\n[ref]",
    "@<script>alert(1)</script>",
    '<span class="mention" data-member="4">@Nobody</span>',
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "<!-- --><math><mtext></mtext><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=alert(1)&gt;'>",
    "|a|\n|-|\n|<script>|",
]


def elements(text):
    return list(parser.fragment_fromstring(render(text, PEOPLE), create_parent="div").iter())[1:]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_gives_no_element_or_address_that_acts(text):
    for element in elements(text):
        assert element.tag in INLINE | BLOCKS
        assert not [name for name in element.attrib if name.startswith("on") or name in {"style", "src"}]
        assert element.get("href", "https:").split(":")[0] in {"http", "https", "mailto"}
    assert not [each for each in elements(text) if each.get("class")]


@given(st.text(max_size=400))
def test_whatever_is_typed_renders_to_the_short_list(text):
    assert {element.tag for element in elements(text)} <= INLINE | BLOCKS


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("**a** *b* ~~c~~ `d`", "<p><strong>a</strong> <em>b</em> <s>c</s> <code>d</code></p>"),
        ("one\ntwo", "<p>one<br>\ntwo</p>"),
        ("# 1 is not a title", "<p># 1 is not a title</p>"),
        ("- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>"),
        ("1 < 2 & 3", "<p>1 &lt; 2 &amp; 3</p>"),
    ],
)
def test_what_people_write(text, expected):
    assert render(text) == expected


def test_bare_addresses_become_links_that_give_nothing_away():
    html = render("see https://a.example/x?a=1&b=2, and (http://b.example).")
    assert 'href="https://a.example/x?a=1&amp;b=2"' in html
    assert 'href="http://b.example"' in html
    assert html.count('rel="noopener noreferrer nofollow"') == html.count('target="_blank"') == 2


def test_mentions_take_the_longest_name_and_stay_out_of_code_links_and_addresses():
    text = "@Marta Riva, @marta! @Luca Conti's `@Luca Conti` a@marta [@Luca Conti](https://x.example) https://x.example/@marta"
    assert mentioned(text, PEOPLE) == {3, 4, 5}
    assert render(text, PEOPLE).count('class="mention"') == 3
    assert mentioned("`@Luca Conti` [@Luca Conti](https://x.example/)", PEOPLE) == set()


@pytest.mark.parametrize(
    "text",
    [
        "[" * 10_000,
        "> " * 5_000,
        "*a" * 5_000,
        "`" * 10_000,
        "![[" * 3_000,
        "- " * 5_000,
        "@" * 10_000,
        "http://" * 1400,
    ],
)
def test_texts_made_to_be_slow_are_rendered_and_stay_small(text):
    assert len(render(text, PEOPLE)) < 40 * len(text)
