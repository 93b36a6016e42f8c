"""The time that a run of tests took is told by room."""

import conftest


def test_a_test_belongs_to_its_folder_or_to_the_first_word_of_its_file() -> None:
    """Notebooks and browser tests have folders of their own; the others stand side by side in one."""
    assert conftest.room("tests/test_vetting_reading.py::test_x[a::b]") == "tests/vetting"
    assert conftest.room("tests/test_lift.py::TestX::test_y") == "tests/lift"
    assert conftest.room("tests/browser/test_lab.py::test_z") == "tests/browser"
    assert conftest.room("notebooks/training/lesson.ipynb::Cell 3") == "notebooks/training"


def test_no_second_is_lost_among_small_rooms() -> None:
    """The longest room stands first, and rooms under a hundredth share the last line."""
    lines = conftest.shares({"tests/a": 0.4, "tests/b": 90.0, "tests/c": 9.0, "tests/d": 0.6})
    assert lines == ["   90.0 s  tests/b", "    9.0 s  tests/c", "    1.0 s  2 others"]
