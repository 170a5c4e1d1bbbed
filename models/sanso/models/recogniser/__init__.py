"""
A speech recogniser for the project's own tests: made here, from espeak-ng speech of the project's own sentences.

Strategy: text (`spoken`, `grammar`, `sentences`) becomes speech (`speech`, `augment`, `features`), a small network of
Whisper's architecture (`tokens`, `network`, `training`) learns to write it down, and `export` makes the folder that
faster-whisper loads. It is a test double and knows nothing but espeak-ng's voices.
"""
