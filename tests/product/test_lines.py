"""A key's line is right, or there is none: a wrong line sends people hunting."""

from shelfworthy.product.lines import line_at, lines_of

TEXT = '''\
# """ in a comment opens nothing
top = 1
[product] # the toy
name = "Bear"
  vendor = """
[surface]
name = "inside"
""" # closed

[[surface]]
id = "a"
[[ surface ]]
id = "b"
text = \'\'\'one """ line\'\'\'
where = "x"
text2 = """one line""" # and """
not_a_key = 1"""
unit = "u"
[surface.recipe]
email = "x"
[ surface.recipe.sign_up ] # first
path = "/"
[product.maker]
name = "y"
'''


def test_tables_lists_and_keys_have_their_lines() -> None:
    lines = lines_of(TEXT)
    assert lines == {
        ("top",): 2,
        ("product",): 3,
        ("product", "name"): 4,
        ("product", "vendor"): 5,
        ("surface",): 10,
        ("surface", 0): 10,
        ("surface", 0, "id"): 11,
        ("surface", 1): 12,
        ("surface", 1, "id"): 13,
        ("surface", 1, "text"): 14,
        ("surface", 1, "where"): 15,
        ("surface", 1, "text2"): 16,
        ("surface", 1, "unit"): 18,
        ("surface", 1, "recipe"): 19,
        ("surface", 1, "recipe", "email"): 20,
        ("surface", 1, "recipe", "sign_up"): 21,
        ("surface", 1, "recipe", "sign_up", "path"): 22,
        ("product", "maker"): 23,
        ("product", "maker", "name"): 24,
    }


def test_windows_line_ends_change_nothing() -> None:
    assert lines_of(TEXT.replace("\n", "\r\n")) == lines_of(TEXT)


def test_what_has_no_line_gets_that_of_its_table() -> None:
    lines = lines_of(TEXT)
    assert line_at(lines, ("surface", 1, "missing")) == 12
    assert line_at(lines, ("declaration", 0, "by")) == 0
