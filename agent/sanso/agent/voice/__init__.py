"""
Say it, and the purifier answers.

Strategy: microphone -> segmenter -> transcriber -> agent -> speaker, each behind the promise that `parts` writes down. What needs a library
of the extra `voice` imports it when it is opened; the rest of the project never imports this package.
"""
