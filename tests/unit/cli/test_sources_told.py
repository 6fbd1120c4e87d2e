"""What a person is told of a new source."""

import pytest

from orderwatch.cli.sources_told import tell_source
from orderwatch.cli.terminal import Terminal
from orderwatch.domain.proofs import PathProof
from orderwatch.intake.door import each_proof
from tests.preset_cases import catalog, presets, source_for


@pytest.mark.parametrize("language", ["en", "ko"])
@pytest.mark.parametrize("slug", presets())
def test_the_steps_name_the_whole_address_and_leave_no_placeholder(slug, language, capsys):
    declared = catalog().declared[slug]
    source = source_for(declared, name="parcels", secrets=("se/cret",) if declared.preset.signature else ())

    tell_source(source, "https://orders.example.com", Terminal(language), declared=declared)

    said = capsys.readouterr().err
    in_path = any(isinstance(proof, PathProof) for proof in each_proof(declared.preset.signature[:1]))
    assert "https://orders.example.com/in/parcels" in said
    assert ("/in/parcels/se%2Fcret" in said) == in_path
    steps = [line for line in said.splitlines() if line.startswith("  ")]
    assert steps
    assert not any("{url}" in step or "/SECRET" in step for step in steps)
