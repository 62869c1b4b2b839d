"""The previews show every kind in every language."""

from pathlib import Path

from orderclerk.documents.kinds import MailKind
from orderclerk.documents.preview import LANGUAGES, write_previews


def test_every_kind_and_language_is_written_three_times(tmp_path: Path) -> None:
    paths = write_previews(tmp_path / "new" / "folder")
    assert len(paths) == len(set(paths)) == (len(MailKind) * len(LANGUAGES) + 1) * 3
    assert all(path.stat().st_size > 100 for path in paths)
    assert {path.suffix for path in paths} == {".eml", ".html", ".txt"}
