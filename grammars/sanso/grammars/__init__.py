"""The call language: one pydantic schema, and every notation made from it."""

from .automaton import Automaton, NotRegularError, compile_gbnf
from .cache import cache_folder
from .call import Call, Clock, Signed, Trigger
from .calls import (
    CALLS,
    TRIGGERS,
    After,
    Answer,
    Ask,
    At,
    CancelTimer,
    Chat,
    Duration,
    GiveTip,
    Lasting,
    Query,
    Reject,
    ResetFilter,
    SetFanLevel,
    SetFanPercent,
    SetLight,
    SetMode,
    SetOption,
    SetPower,
    StepFan,
    Undo,
    When,
)
from .callset import PURIFIER, CallSet
from .errors import CallError, CallSyntaxError, SansoError, SchemaError, UnknownName
from .form import form_words
from .gbnf import gbnf_grammar
from .gbnf_reader import GrammarTextError
from .json_schema import program_schema, tool_schemas
from .lark_grammar import lark_grammar
from .parse import parse
from .program import ARROW, MAX_STATEMENTS, SEPARATOR, Program, Statement
from .sample import (
    draw_program,
    draw_statement,
    enumerate_calls,
    enumerate_programs,
    enumerate_statements,
)

__all__ = [
    "ARROW",
    "CALLS",
    "MAX_STATEMENTS",
    "PURIFIER",
    "SEPARATOR",
    "TRIGGERS",
    "After",
    "Answer",
    "Ask",
    "At",
    "Automaton",
    "Call",
    "CallError",
    "CallSet",
    "CallSyntaxError",
    "CancelTimer",
    "Chat",
    "Clock",
    "Duration",
    "GiveTip",
    "GrammarTextError",
    "Lasting",
    "NotRegularError",
    "Program",
    "Query",
    "Reject",
    "ResetFilter",
    "SansoError",
    "SchemaError",
    "SetFanLevel",
    "SetFanPercent",
    "SetLight",
    "SetMode",
    "SetOption",
    "SetPower",
    "Signed",
    "Statement",
    "StepFan",
    "Trigger",
    "Undo",
    "UnknownName",
    "When",
    "cache_folder",
    "compile_gbnf",
    "draw_program",
    "draw_statement",
    "enumerate_calls",
    "enumerate_programs",
    "enumerate_statements",
    "form_words",
    "gbnf_grammar",
    "lark_grammar",
    "parse",
    "program_schema",
    "tool_schemas",
]
