"""The peer that common document systems use: TF-IDF of letter runs, and logistic regression.

Run by the interpreter of `.venv-peers`, where scikit-learn is: `{"train": [[text, kind], …],
"test": [text, …]}` on standard input, `[[kind, probability], …]` on standard output.
"""

import json
import sys

from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline


def main() -> None:
    """Train and answer."""
    given = json.load(sys.stdin)
    texts, kinds = zip(*given["train"], strict=True)
    model = make_pipeline(
        TfidfVectorizer(
            analyzer="char_wb", ngram_range=(1, 3), max_features=60_000, sublinear_tf=True
        ),
        LogisticRegression(C=10, max_iter=300),
    )
    model.fit(texts, kinds)
    answers = [
        (str(model.classes_[row.argmax()]), float(row.max()))
        for row in model.predict_proba(given["test"])
    ]
    json.dump(answers, sys.stdout, ensure_ascii=False)


if __name__ == "__main__":
    main()
