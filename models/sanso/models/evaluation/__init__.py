"""How good a model is: cases, effects on the simulator, scores, reports."""
