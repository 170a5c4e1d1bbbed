"""What the model learns from: hand-written sentences, generators, public sentences."""
