"""A check of our own for schemathesis: no refusal says a word of our inside."""

from pathlib import Path

import schemathesis

WORDS = (Path(__file__).parent.parent / "support" / "inside.txt").read_text().splitlines()


@schemathesis.check
def tells_nothing(ctx, response, case):
    if response.status_code < 400:
        return
    sent = f"{case.path_parameters} {case.query} {case.headers} {case.cookies} {case.body}".lower()
    answer = response.text.lower()
    told = [word for word in WORDS if word in answer and word not in sent]
    assert not told, f"The answer says {told}"
