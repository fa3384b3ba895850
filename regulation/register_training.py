"""The ready-made registers about a person's own file: skills (10), training (12), rewards (13), undertakings (26)."""

from __future__ import annotations

from regulation.marking import N_
from regulation.registers import (
    Choice,
    FieldKind,
    Register,
    RegisterField,
    RegisterState,
    RegisterStep,
    Start,
)
from regulation.roles import LEADER_ROLES, Role

_TRAINERS = LEADER_ROLES | {Role.QA_INSPECTOR}
_MANAGER = frozenset({Role.DEPUTY_MANAGER})
_FULL_MARKS = 100
_LONGEST_TRAINING_HOURS = 400

TRAINING = Register(
    "training",
    N_("Training"),
    (12,),
    (
        RegisterField("person", N_("who"), FieldKind.PERSON, required=True),
        RegisterField("topic", N_("topic"), required=True, most=80),
        RegisterField(
            "kind",
            N_("kind"),
            FieldKind.CHOICE,
            required=True,
            choices=(
                Choice("business", N_("business knowledge")),
                Choice("service", N_("service and speech")),
                Choice("system", N_("systems and equipment")),
                Choice("secrecy", N_("confidentiality")),
                Choice("safety", N_("safety and fire")),
                Choice("newcomer", N_("newcomers")),
            ),
        ),
        RegisterField("held_on", N_("date"), FieldKind.DATE, required=True),
        RegisterField(
            "hours", N_("length"), FieldKind.NUMBER, most=_LONGEST_TRAINING_HOURS, unit=N_("hours")
        ),
        RegisterField("trainer", N_("trainer"), most=40),
        RegisterField("attended", N_("was there"), FieldKind.YES_NO),
        RegisterField("score", N_("score"), FieldKind.NUMBER, most=_FULL_MARKS),
        RegisterField("remarks", N_("remarks"), FieldKind.TEXT),
    ),
    (
        RegisterState("planned", N_("planned"), due_limit="training_result_days", due_from="held_on"),
        RegisterState("attended", N_("was there"), ends=True),
        RegisterState("missed", N_("was not there"), ends=True),
        RegisterState("passed", N_("passed"), ends=True),
        RegisterState("failed", N_("not passed"), due_limit="training_again_days"),
        RegisterState("repeated", N_("taken again"), ends=True),
    ),
    (
        RegisterStep(
            "attend", N_("was there"), ("planned",), "attended", _TRAINERS, asks=("hours", "trainer")
        ),
        RegisterStep("miss", N_("was not there"), ("planned",), "missed", _TRAINERS, needs_note=True),
        RegisterStep("pass", N_("passed"), ("planned", "attended"), "passed", _TRAINERS, asks=("score",)),
        RegisterStep("fail", N_("not passed"), ("planned", "attended"), "failed", _TRAINERS, asks=("score",)),
        RegisterStep("repeat", N_("taken again"), ("failed",), "repeated", _TRAINERS, needs=("score",)),
    ),
    adders=_TRAINERS,
    readers=_TRAINERS,
    keepers=_TRAINERS,
    columns=("person", "topic", "kind", "score"),
    about="person",
    day="held_on",
    starts=(Start("attended", True, "attended"), Start("attended", False, "missed")),
    about_reads=True,
    empty=N_("No training is on record. b enters one for many people at once."),
)

SKILL_TEST = Register(
    "skill_test",
    N_("Skills and typing tests"),
    (10,),
    (
        RegisterField("person", N_("who"), FieldKind.PERSON, required=True),
        RegisterField(
            "skill",
            N_("skill"),
            FieldKind.CHOICE,
            required=True,
            choices=(
                Choice("typing", N_("typing Chinese")),
                Choice("digits", N_("typing numbers")),
                Choice("mandarin", N_("Mandarin")),
                Choice("business", N_("business knowledge")),
                Choice("system", N_("work with the systems")),
                Choice("english", N_("English")),
            ),
        ),
        RegisterField("tested_on", N_("date"), FieldKind.DATE, required=True),
        RegisterField("passage", N_("text or paper"), most=80),
        RegisterField("speed", N_("speed"), FieldKind.NUMBER, most=1000, unit=N_("signs a minute")),
        RegisterField("accuracy", N_("accuracy"), FieldKind.NUMBER, most=_FULL_MARKS, unit="%"),
        RegisterField("seconds", N_("time taken"), FieldKind.NUMBER, most=36_000, unit=N_("seconds")),
        RegisterField("score", N_("score"), FieldKind.NUMBER, most=_FULL_MARKS),
        RegisterField("remarks", N_("remarks"), FieldKind.TEXT),
    ),
    (RegisterState("recorded", N_("on record"), ends=True),),
    (),
    adders=_TRAINERS,
    readers=_TRAINERS,
    keepers=_TRAINERS,
    columns=("person", "skill", "speed", "accuracy", "score"),
    about="person",
    day="tested_on",
    about_reads=True,
    empty=N_("No test is on record."),
)

REWARD = Register(
    "reward",
    N_("Rewards and penalties"),
    (13,),
    (
        RegisterField("person", N_("who"), FieldKind.PERSON, required=True),
        RegisterField(
            "kind",
            N_("kind"),
            FieldKind.CHOICE,
            required=True,
            choices=(
                Choice("praise", N_("praise")),
                Choice("bonus", N_("bonus")),
                Choice("criticism", N_("criticism")),
                Choice("warning", N_("formal warning")),
                Choice("fine", N_("deduction")),
            ),
        ),
        RegisterField("given_for", N_("what for"), FieldKind.TEXT, required=True),
        RegisterField("link", N_("finding, log entry or report it goes back to"), most=80),
        RegisterField("amount", N_("amount"), FieldKind.NUMBER, unit=N_("yuan")),
        RegisterField("decided_on", N_("day it was decided"), FieldKind.DATE),
    ),
    (
        RegisterState("proposed", N_("proposed"), due_limit="reward_decision_days"),
        RegisterState("approved", N_("approved"), due_limit="reward_told_days"),
        RegisterState("told", N_("told in person"), ends=True),
        RegisterState("refused", N_("not granted"), ends=True),
        RegisterState("withdrawn", N_("withdrawn"), ends=True),
    ),
    (
        RegisterStep("approve", N_("approve"), ("proposed",), "approved", _MANAGER, stamps="decided_on"),
        RegisterStep("refuse", N_("refuse"), ("proposed",), "refused", _MANAGER, needs_note=True),
        RegisterStep("tell", N_("has been told"), ("approved",), "told", LEADER_ROLES),
        RegisterStep(
            "withdraw", N_("withdraw"), ("approved", "told"), "withdrawn", _MANAGER, needs_note=True
        ),
    ),
    adders=LEADER_ROLES,
    readers=LEADER_ROLES,
    keepers=_MANAGER,
    columns=("person", "kind", "given_for", "amount"),
    about="person",
    about_reads=True,
    empty=N_("No reward and no penalty is on record."),
)

UNDERTAKING = Register(
    "undertaking",
    N_("Confidentiality undertakings"),
    (26,),
    (
        RegisterField("person", N_("who"), FieldKind.PERSON, required=True),
        RegisterField("wording", N_("wording and year"), required=True, most=80),
        RegisterField("signed_on", N_("day it was signed"), FieldKind.DATE),
        RegisterField("paper", N_("where the paper lies"), most=80),
    ),
    (
        RegisterState("asked", N_("to be signed"), due_limit="undertaking_sign_days"),
        RegisterState(
            "in_force", N_("in force"), due_limit="undertaking_valid_days", due_from="signed_on", rests=True
        ),
        RegisterState("replaced", N_("replaced by a newer one"), ends=True),
        RegisterState("ended", N_("ended"), ends=True),
    ),
    (
        RegisterStep(
            "sign",
            N_("sign"),
            ("asked",),
            "in_force",
            stamps="signed_on",
            about_may=True,
            replaces="replaced",
        ),
        RegisterStep(
            "paper",
            N_("signed on paper"),
            ("asked",),
            "in_force",
            LEADER_ROLES,
            needs=("signed_on", "paper"),
            replaces="replaced",
        ),
        RegisterStep("end", N_("end"), ("asked", "in_force"), "ended", LEADER_ROLES, needs_note=True),
    ),
    adders=LEADER_ROLES,
    readers=LEADER_ROLES,
    keepers=LEADER_ROLES,
    columns=("person", "wording", "signed_on", "paper"),
    about="person",
    about_reads=True,
    empty=N_("Nobody was asked for one. b asks everybody at once; it holds a year."),
)
