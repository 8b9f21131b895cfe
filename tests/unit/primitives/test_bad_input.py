"""Receivers and priors refuse what they cannot be, by name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from persuasion_lp import Receiver, errors, priors

T = Receiver.threshold

BAD: list[tuple[Callable[[], Any], type[errors.InputError], str, Any, Any]] = [
    (lambda: T(0.3, about="first"), errors.ReceiverError, "about", None, "first"),
    (lambda: T(0.3, about=(0.5,)), errors.ReceiverError, "about", None, (0.5,)),
    (lambda: T(1.1), errors.ReceiverError, "cutoffs", 0, 1.1),
    (lambda: T(-0.1), errors.ReceiverError, "cutoffs", 0, -0.1),
    (lambda: Receiver([0.5, 0.5], [0, 1, 2]), errors.ReceiverError, "cutoffs", 1, 0.5),
    (lambda: Receiver([[0.5]], [0, 1]), errors.ReceiverError, "cutoffs", None, (1, 1)),
    (lambda: Receiver([0.5], [0, 1, 2]), errors.PayoffError, "payoffs", None, (3,)),
    (lambda: Receiver([0.5], [0, np.inf]), errors.PayoffError, "payoffs", (1,), np.inf),
    (lambda: Receiver.from_utility([1, 2], [1, 2]), errors.ReceiverError, "utility", None, (2,)),
    (lambda: Receiver.accepting([]), errors.ReceiverError, "conditions", None, None),
    (lambda: Receiver.accepting([(1, 2, 3)]), errors.ReceiverError, "conditions", 0, (1, 2, 3)),  # type: ignore[list-item]
    (lambda: Receiver.accepting([(1, 2)]), errors.ReceiverError, "conditions", 0, (1, 2)),
    (
        lambda: Receiver.accepting([([1, 2], 0.3), ([1, 2, 3], 0.4)]),
        errors.ReceiverError,
        "conditions",
        1,
        (3,),
    ),
    (lambda: priors.independent([0.5, 1.2]), errors.PriorError, "x", 1, 1.2),
    (lambda: priors.independent([]), errors.PriorError, "x", None, (0,)),
    (lambda: priors.perfectly_correlated(0.5, 0), errors.PriorError, "n", None, 0),
    (lambda: priors.from_table({}), errors.PriorError, "table", None, None),
    (lambda: priors.from_table({"HX": 1}), errors.PriorError, "table", None, "HX"),
    (lambda: priors.from_table({"H": 0.5, "HL": 0.5}), errors.PriorError, "table", None, "HL"),
    (lambda: priors.from_table({"H": 0.5, (1,): 0.5}), errors.PriorError, "table", None, (1,)),
    (lambda: priors.from_table({"H": [0.5], "L": [0.5]}), errors.PriorError, "table", None, None),
    (lambda: priors.from_table({"H": 0.5, "L": "1/0"}), errors.PriorError, "table", (1,), "1/0"),
    (lambda: priors.perfectly_negative([0.5, 0.5]), errors.PriorError, "x", None, (1, 2)),
    (lambda: priors.from_table({"H": 0.5, "L": 0.4}), errors.PriorError, "prior", None, None),
]


@pytest.mark.parametrize(("build", "kind", "field", "index", "value"), BAD)
def test_bad_input_is_named(
    build: Callable[[], Any], kind: type[errors.InputError], field: str, index: Any, value: Any
) -> None:
    with pytest.raises(kind) as caught:
        build()
    error = caught.value
    assert isinstance(error, ValueError)
    assert isinstance(error, errors.PersuasionError)
    assert (error.field, error.index) == (field, index)
    assert repr(error.value) == repr(value)
    assert str(error).startswith(field)
