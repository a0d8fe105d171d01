"""Predictions of answers by fitted models, in an environment of its own.

Reads {"fitted": rows, "predicted": rows} from standard input as JSON; a row is [learner, kind of
question, right]. Rows of a learner are in their order. Writes {model: [probability of each
predicted answer]}.
"""

import json
import sys
from typing import Any

import numpy as np
import pandas as pd
from pyBKT.models import Model
from sklearn.linear_model import LogisticRegression

FITS = 5
SKILL = "skill"


def table(rows: list[list[Any]]) -> Any:
    frame = pd.DataFrame(rows, columns=["user_id", "kind", "correct"])
    frame["user_id"] = frame["user_id"].astype(str)
    return frame.assign(skill_name=SKILL, order_id=range(len(frame)))


def knowledge_tracing(fitted: Any, predicted: Any) -> Any:
    """pyBKT, with a guess and a slip of each kind of question."""
    model = Model(seed=1, num_fits=FITS)
    model.fit(data=fitted, multigs="kind")
    found = model.predict(data=predicted).sort_values("order_id")
    return found["correct_predictions"].tolist()


def factors(frame: Any) -> Any:
    """Counts of the right and wrong answers before each, and its kind."""
    kinds = pd.get_dummies(frame["kind"]).astype(float)
    groups = frame.groupby("user_id")["correct"]
    right = groups.cumsum() - frame["correct"]
    wrong = groups.cumcount() - right
    return np.column_stack([right, wrong, kinds.to_numpy()])


def performance_factors(fitted: Any, predicted: Any) -> Any:
    """Performance factor analysis: logistic regression on the counts so far."""
    model = LogisticRegression(max_iter=1_000).fit(factors(fitted), fitted["correct"])
    return model.predict_proba(factors(predicted))[:, 1].tolist()


def main() -> None:
    given = json.load(sys.stdin)
    fitted, predicted = table(given["fitted"]), table(given["predicted"])
    # pyBKT sorts the tables that it is given.
    models = {"pyBKT, fitted": knowledge_tracing, "PFA, fitted": performance_factors}
    json.dump(
        {name: model(fitted.copy(), predicted.copy()) for name, model in models.items()}, sys.stdout
    )


main()
