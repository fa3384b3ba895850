"""The ready-made registers about service: QA forms (39-41, 43) and calls passed to the manager's line (42)."""

from __future__ import annotations

from regulation.marking import N_
from regulation.registers import Choice, FieldKind, Register, RegisterField, RegisterState, RegisterStep
from regulation.roles import CENTRE_ROLES, LEADER_ROLES, Role

_INSPECTORS = LEADER_ROLES | {Role.QA_INSPECTOR}
MOST_SCORE = 10
"""Points of one scored line of a QA form."""

QA_FORM = Register(
    "qa_form",
    N_("QA forms"),
    (40, 39, 41, 43),
    (
        RegisterField("person", N_("who is inspected"), FieldKind.PERSON, required=True),
        RegisterField("inspected_on", N_("date"), FieldKind.DATE, required=True),
        RegisterField(
            "channel",
            N_("how"),
            FieldKind.CHOICE,
            required=True,
            choices=(
                Choice("recording", N_("recording")),
                Choice("listening", N_("listening in, with notice")),
                Choice("seat", N_("at the seat")),
            ),
        ),
        RegisterField("call", N_("number of the call or recording"), most=40),
        *(
            RegisterField(key, label, FieldKind.NUMBER, required=True, most=MOST_SCORE, article=article)
            for key, label, article in (
                ("appearance", N_("neat appearance, good bearing"), 39),
                ("greeting", N_("opening and closing phrases"), 40),
                ("speech", N_("standard speech, clear Mandarin"), 40),
                ("answer", N_("every question answered, and rightly"), 41),
                ("patience", N_("patient, does not interrupt"), 41),
                ("modesty", N_("modest and friendly"), 43),
                ("keenness", N_("keen, knows the business"), 43),
            )
        ),
        RegisterField("remarks", N_("remarks"), FieldKind.TEXT),
        RegisterField("objection", N_("objection"), FieldKind.TEXT),
        RegisterField("answer_to_objection", N_("answer to the objection"), FieldKind.TEXT),
    ),
    (
        RegisterState("given", N_("given"), due_limit="qa_seen_days"),
        RegisterState("contested", N_("contested"), due_limit="qa_answer_days"),
        RegisterState("seen", N_("acknowledged"), ends=True),
        RegisterState("settled", N_("settled"), ends=True),
    ),
    (
        RegisterStep("see", N_("acknowledged"), ("given",), "seen", about_may=True),
        RegisterStep("contest", N_("contest"), ("given",), "contested", needs=("objection",), about_may=True),
        RegisterStep(
            "settle", N_("settle"), ("contested",), "settled", _INSPECTORS, needs=("answer_to_objection",)
        ),
    ),
    adders=_INSPECTORS,
    readers=_INSPECTORS,
    keepers=_INSPECTORS,
    columns=("person", "channel", "call", "remarks"),
    about="person",
    day="inspected_on",
    about_reads=True,
    empty=N_("No call was inspected."),
)

ESCALATION = Register(
    "escalation",
    N_("Passed to the manager's line"),
    (42,),
    (
        RegisterField("happened_at", N_("when"), FieldKind.INSTANT, required=True),
        RegisterField("person", N_("who passed it on"), FieldKind.PERSON, required=True),
        RegisterField("caller", N_("caller's number"), most=40),
        RegisterField("issue", N_("what it is about"), FieldKind.TEXT, required=True),
        RegisterField("passed_to", N_("whom it was passed to"), required=True),
        RegisterField("outcome", N_("what came of it"), FieldKind.TEXT),
        RegisterField("satisfied", N_("is the user satisfied"), FieldKind.YES_NO),
    ),
    (
        RegisterState("passed", N_("passed on"), due_limit="escalation_answer_hours"),
        RegisterState("answered", N_("has been answered"), ends=True),
    ),
    (
        RegisterStep(
            "answer",
            N_("has been answered"),
            ("passed",),
            "answered",
            LEADER_ROLES,
            needs=("outcome", "satisfied"),
        ),
    ),
    adders=CENTRE_ROLES,
    readers=_INSPECTORS,
    keepers=LEADER_ROLES,
    columns=("person", "issue", "passed_to", "satisfied"),
    about="person",
    about_reads=True,
    empty=N_("No call was passed to the manager's line."),
)
