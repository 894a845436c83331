"""Risk: indicators that agencies share, the assessment of a package, what is usual, what is watched.

Words: indicator, signal, score, lane (green, yellow, red), draw, peer, anomaly. Signals explain, officers decide. The trader
never sees an indicator. Looks at declarations, traders and advance information.
"""
