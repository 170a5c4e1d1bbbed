"""Purifiers on a serial line: codecs and sessions without I/O, one link, and the purifier above them."""
