"""What customers mean by their answers: a whole yes or no, changes line by line, and answers to our questions."""

from orderclerk.domain.answers.changes import AnswerRead, Change, Doubt
from orderclerk.domain.answers.clauses import read_answer
from orderclerk.domain.answers.decisions import Situation, Step, decide
from orderclerk.domain.answers.questions import Choice, Question, Reply, read_replies
from orderclerk.domain.answers.signing import without_signature
from orderclerk.domain.answers.targets import OfferedLine, find_lines
from orderclerk.domain.answers.whole import Verdict, judge_answer

__all__ = [
    "AnswerRead",
    "Change",
    "Choice",
    "Doubt",
    "OfferedLine",
    "Question",
    "Reply",
    "Situation",
    "Step",
    "Verdict",
    "decide",
    "find_lines",
    "judge_answer",
    "read_answer",
    "read_replies",
    "without_signature",
]
