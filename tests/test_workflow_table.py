"""The table of how well the workflows do on each version of QGIS."""

from pathlib import Path

import pytest

from scripts import workflow_table


def report(path: Path, version: str, **measured: str) -> Path:
    found = "".join(f'<property name="iou {name}" value="{of}"/>' for name, of in measured.items())
    path.write_text(
        f'<testsuites><testsuite><properties><property name="qgis" value="{version}"/></properties>'
        f"<testcase><properties>{found}</properties></testcase></testsuite></testsuites>"
    )
    return path


def test_versions_are_columns_in_their_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = tmp_path / "page.md"
    page.write_text(f"above\n{workflow_table.BEGIN}\nold\n{workflow_table.END}\nbelow\n")
    monkeypatch.setattr(workflow_table, "PAGE", page)
    new = report(tmp_path / "b.xml", "3.44.1-Solothurn", lakes="0.9 0.8", tiles="1.0")
    old = report(tmp_path / "a.xml", "3.4.9", lakes="0.7 0.6")
    assert workflow_table.main([str(new), str(old)]) == 0
    assert page.read_text().splitlines() == [
        "above",
        workflow_table.BEGIN,
        "",
        "| workflow | QGIS 3.4.9 | QGIS 3.44.1 |",
        "|---|---|---|",
        "| `lakes` | 0.650 (0.600) | 0.850 (0.800) |",
        "| `tiles` |  | 1.000 (1.000) |",
        "",
        workflow_table.END,
        "below",
    ]


def test_a_report_without_measurements_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="has no IoU of workflows"):
        workflow_table.measured(report(tmp_path / "a.xml", "3.44.1"))
