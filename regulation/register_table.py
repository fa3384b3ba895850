"""The ready-made registers (Art. 4, 10, 12, 13, 15-19, 26, 39-43), as data.

What is written on them beyond this (the typing test, the scoring of a QA form, clocks on the board) stands with its own
rule; a centre's own registers stand in its database beside these.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from regulation.marking import N_
from regulation.register_service import ESCALATION, QA_FORM
from regulation.register_training import REWARD, SKILL_TEST, TRAINING, UNDERTAKING
from regulation.registers import (
    Choice,
    FieldKind,
    Register,
    RegisterField,
    RegisterState,
    RegisterStep,
    Start,
)
from regulation.roles import CENTRE_ROLES, LEADER_ROLES, Role

_STANDING_ABOVE = frozenset({Role.SENIOR_SHIFT_LEADER, Role.DEPUTY_MANAGER})
_INSPECTORS = LEADER_ROLES | {Role.QA_INSPECTOR}
_REMEDY = RegisterField("remedy", N_("what was done about it"), FieldKind.TEXT)

BREACH = Register(
    "breach",
    N_("Breach reports"),
    (4,),
    (
        RegisterField(
            "kind",
            N_("what was breached"),
            FieldKind.CHOICE,
            required=True,
            choices=(
                Choice("seat_left", N_("left the seat or the post"), 14),
                Choice("dress", N_("work clothes, cleanliness"), 15),
                Choice("order", N_("eating, chatting, disorder in the room"), 16),
                Choice("private_call", N_("private calls at the seat"), 17),
                Choice("line_locked", N_("line locked without permission"), 18),
                Choice("equipment", N_("carelessness with equipment"), 19),
                Choice("stranger", N_("let in somebody who may not enter"), 20),
                Choice("handover", N_("handover or relief"), 21),
                Choice("secret", N_("a secret was passed on"), 28),
                Choice("eavesdropping", N_("eavesdropping on calls"), 27),
                Choice("talk", N_("talk of secrets in public"), 29),
                Choice("attendance", N_("falsified attendance"), 33),
                Choice("service", N_("rudeness or an argument with a user"), 42),
                Choice("other", N_("something else")),
            ),
        ),
        RegisterField("happened_on", N_("day it happened"), FieldKind.DATE, required=True),
        RegisterField("place", N_("where")),
        RegisterField("person", N_("who is reported"), FieldKind.PERSON),
        RegisterField("what", N_("what happened"), FieldKind.TEXT, required=True),
        RegisterField("witnesses", N_("who else saw it")),
        RegisterField("answer", N_("what was found out"), FieldKind.TEXT),
        RegisterField("measure", N_("what follows from it"), FieldKind.TEXT),
    ),
    (
        RegisterState("new", N_("newly reported"), due_limit="breach_look_days"),
        RegisterState("in_hand", N_("being looked into"), due_limit="breach_close_days"),
        RegisterState("closed", N_("closed"), ends=True),
        RegisterState("unfounded", N_("unfounded"), ends=True),
    ),
    (
        RegisterStep("take_up", N_("look into it"), ("new",), "in_hand", _STANDING_ABOVE),
        RegisterStep(
            "close", N_("close"), ("new", "in_hand"), "closed", _STANDING_ABOVE, needs=("answer", "measure")
        ),
        RegisterStep(
            "unfounded", N_("unfounded"), ("new", "in_hand"), "unfounded", _STANDING_ABOVE, needs=("answer",)
        ),
        RegisterStep(
            "reopen",
            N_("take up again"),
            ("closed", "unfounded"),
            "in_hand",
            frozenset({Role.DEPUTY_MANAGER}),
            needs_note=True,
        ),
    ),
    adders=CENTRE_ROLES,
    readers=_STANDING_ABOVE,
    keepers=_STANDING_ABOVE,
    columns=("kind", "person", "what"),
    about="person",
    day="happened_on",
    hidden_from_about=True,
    anonymous=True,
    need_to_know=True,
    empty=N_("Nothing was reported. Anyone may, by name or not (Art. 4)."),
)

PATROL = Register(
    "patrol",
    N_("Patrols"),
    (16, 15, 17, 18, 19),
    (
        RegisterField("patrolled_on", N_("date"), FieldKind.DATE, required=True),
        RegisterField("at", N_("time"), FieldKind.INSTANT),
        RegisterField(
            "zone",
            N_("where"),
            FieldKind.CHOICE,
            required=True,
            choices=(
                Choice("seats", N_("at the seats")),
                Choice("equipment_room", N_("equipment room")),
                Choice("entrance", N_("entrance and corridor")),
                Choice("rest", N_("rest area")),
            ),
        ),
        RegisterField(
            "kind",
            N_("what was seen"),
            FieldKind.CHOICE,
            required=True,
            choices=(
                Choice("in_order", N_("all in order")),
                Choice("dress", N_("no work clothes or work shoes"), 15),
                Choice("dirt", N_("not clean"), 15),
                Choice("eating", N_("eating or snacks"), 16),
                Choice("chatting", N_("chatting, noise"), 16),
                Choice("wandering", N_("wandering about"), 16),
                Choice("unrelated", N_("things unrelated to work"), 16),
                Choice("cup", N_("cup or unrelated book on the desk"), 16),
                Choice("untidy", N_("untidy desk"), 16),
                Choice("private_call", N_("private call at the seat"), 17),
                Choice("line_locked", N_("line locked without permission"), 18),
                Choice("equipment", N_("carelessness with equipment"), 19),
            ),
        ),
        RegisterField("person", N_("who"), FieldKind.PERSON),
        RegisterField("seat", N_("seat"), most=8),
        RegisterField("what", N_("what exactly"), FieldKind.TEXT),
        RegisterField("told", N_("who was told")),
        _REMEDY,
    ),
    (
        RegisterState("open", N_("to be put right"), due_limit="patrol_remedy_days"),
        RegisterState("settled", N_("put right"), ends=True),
        RegisterState("in_order", N_("all in order"), ends=True),
    ),
    (RegisterStep("settle", N_("put right"), ("open",), "settled", _INSPECTORS, needs=("remedy",)),),
    adders=_INSPECTORS,
    readers=_INSPECTORS,
    keepers=_INSPECTORS,
    columns=("zone", "kind", "person", "seat"),
    about="person",
    day="patrolled_on",
    starts=(Start("kind", "in_order", "in_order"),),
    about_reads=True,
    empty=N_("No patrol is on record; one without a finding is a line, too."),
)

LINE_LOCK = Register(
    "line_lock",
    N_("Line-lock permits"),
    (18,),
    (
        RegisterField("person", N_("who locks"), FieldKind.PERSON, required=True),
        RegisterField("line", N_("seat or line"), required=True, most=24),
        RegisterField("reason", N_("why"), required=True),
        RegisterField("until", N_("until"), FieldKind.INSTANT, required=True),
    ),
    (
        RegisterState("asked", N_("asked for"), due_limit="line_lock_answer_minutes"),
        RegisterState("running", N_("running"), runs_until="until"),
        RegisterState("released", N_("freed"), ends=True),
        RegisterState("refused", N_("not granted"), ends=True),
    ),
    (
        RegisterStep("permit", N_("permit"), ("asked",), "running", LEADER_ROLES),
        RegisterStep("refuse", N_("refuse"), ("asked",), "refused", LEADER_ROLES, needs_note=True),
        RegisterStep(
            "release", N_("line is free again"), ("running",), "released", LEADER_ROLES, about_may=True
        ),
        RegisterStep("withdraw", N_("withdraw"), ("asked",), "released", about_may=True),
    ),
    adders=CENTRE_ROLES,
    readers=LEADER_ROLES,
    keepers=LEADER_ROLES,
    columns=("person", "line", "reason", "until"),
    about="person",
    about_reads=True,
    empty=N_("No line was locked. Locking one needs a permit first (Art. 18)."),
)

CLEANING = Register(
    "cleaning",
    N_("Cleaning"),
    (15,),
    (
        RegisterField("cleaned_on", N_("date"), FieldKind.DATE, required=True),
        RegisterField(
            "area",
            N_("what is cleaned"),
            FieldKind.CHOICE,
            required=True,
            choices=(
                Choice("seats", N_("seats and desks")),
                Choice("equipment_room", N_("equipment room")),
                Choice("entrance", N_("entrance and shoe rack")),
                Choice("floor", N_("floor and windows")),
                Choice("filters", N_("filters of the air conditioning")),
                Choice("rest", N_("rest area")),
            ),
        ),
        RegisterField(
            "result",
            N_("result"),
            FieldKind.CHOICE,
            required=True,
            choices=(Choice("clean", N_("clean")), Choice("not_clean", N_("not clean"))),
        ),
        RegisterField("person", N_("who cleans"), FieldKind.PERSON),
        RegisterField("what", N_("what is missing"), FieldKind.TEXT),
        _REMEDY,
    ),
    (
        RegisterState("open", N_("to be put right"), due_limit="cleaning_remedy_days"),
        RegisterState("done", N_("done"), ends=True),
    ),
    (RegisterStep("settle", N_("put right"), ("open",), "done", LEADER_ROLES, needs=("remedy",)),),
    adders=LEADER_ROLES,
    readers=CENTRE_ROLES,
    keepers=LEADER_ROLES,
    columns=("area", "result", "person"),
    about="person",
    day="cleaned_on",
    starts=(Start("result", "clean", "done"),),
    about_reads=True,
    empty=N_("No cleaning is on record; it is due on holidays, too."),
)

DAMAGE = Register(
    "damage",
    N_("Damage to equipment"),
    (19,),
    (
        RegisterField("found_on", N_("day it was found"), FieldKind.DATE, required=True),
        RegisterField("asset", N_("equipment and its number"), required=True, most=80),
        RegisterField("seat", N_("seat"), most=8),
        RegisterField("what", N_("what is broken"), FieldKind.TEXT, required=True),
        RegisterField(
            "cause",
            N_("cause"),
            FieldKind.CHOICE,
            choices=(
                Choice("wear", N_("wear")),
                Choice("accident", N_("accident")),
                Choice("careless", N_("carelessness")),
                Choice("unknown", N_("unknown")),
            ),
        ),
        RegisterField("person", N_("who used it"), FieldKind.PERSON),
        RegisterField("told", N_("who was told")),
        RegisterField("cost", N_("cost"), FieldKind.NUMBER, unit=N_("yuan")),
        RegisterField("repair", N_("what became of it"), FieldKind.TEXT),
    ),
    (
        RegisterState("reported", N_("reported"), due_limit="damage_told_days"),
        RegisterState("in_repair", N_("in repair"), due_limit="damage_repair_days"),
        RegisterState("repaired", N_("repaired"), ends=True),
        RegisterState("written_off", N_("written off"), ends=True),
    ),
    (
        RegisterStep(
            "send", N_("pass on for repair"), ("reported",), "in_repair", LEADER_ROLES, needs=("told",)
        ),
        RegisterStep(
            "repaired",
            N_("repaired"),
            ("reported", "in_repair"),
            "repaired",
            LEADER_ROLES,
            needs=("repair",),
            asks=("cause", "cost"),
        ),
        RegisterStep(
            "write_off",
            N_("write off"),
            ("reported", "in_repair"),
            "written_off",
            frozenset({Role.DEPUTY_MANAGER}),
            needs=("repair",),
            asks=("cost",),
        ),
    ),
    adders=CENTRE_ROLES,
    readers=CENTRE_ROLES,
    keepers=LEADER_ROLES,
    columns=("asset", "what", "cause", "person"),
    about="person",
    day="found_on",
    about_reads=True,
    empty=N_("No equipment is damaged."),
)

REGISTERS: Mapping[str, Register] = MappingProxyType(
    {
        register.key: register
        for register in (
            BREACH,
            PATROL,
            LINE_LOCK,
            CLEANING,
            DAMAGE,
            TRAINING,
            SKILL_TEST,
            REWARD,
            QA_FORM,
            ESCALATION,
            UNDERTAKING,
        )
    }
)
