"""Mathematics as people type it: read, compared, and looked at for its form.

`parsing` reads a text, `comparison` decides whether two mean the same, `forms` whether one is
written as the question asks, `grading` puts these together. Few questions need them, so the kind
`expression` imports them when one does.
"""
