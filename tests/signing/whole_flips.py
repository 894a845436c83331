"""S-PDFSIG in full, for ``make faults``: a thousand bytes of a signed paper, one at a time."""

from __future__ import annotations

import pytest

from tests.signing import papers
from tests.signing.test_attacks import flipped

pytestmark = pytest.mark.pure


def test_a_thousand_bytes(tmp_path):
    ours = papers.authority(tmp_path)
    paper = papers.signed(papers.drawn(ours), ours)
    unseen = flipped(paper, ours, 1000, seed=1000)
    print(f"signed papers: 1000 bytes turned, {len(unseen)} unseen")
    assert unseen == []
