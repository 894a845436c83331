"""Cases that outlive a package: checks after release (Customs Code of the EAEU, articles 326 and 340).

Words: post-clearance check, ground, finding. Looks at declarations, reviews and the lots of risk.
"""
