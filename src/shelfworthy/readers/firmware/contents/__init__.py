"""What is in an image once it is unpacked: one module for each kind of fact, a function over a `Tree`."""

from shelfworthy.readers.firmware.contents.late import plant

plant()  # before anything here imports it
