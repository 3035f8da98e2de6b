"""How a text is read in a child: see `paper.py`, which nobody else imports, for a library may be missing."""

READ = "shelfworthy.webtext.paper:read"
