"""OWASP ASVS 5.0.0, requirement by requirement: the test that proves it, where it is written down, or why not."""
