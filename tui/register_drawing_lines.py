"""A register that is drawn up, in lines: what its forms ask, and what stands of it on the screen so far."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content

from locales import N_, _
from regulation.findings import HOUSE_RULE
from regulation.registers import KIND_NAMES, FieldKind, RegisterField
from regulation.roles import CENTRE_ROLES, LEADER_ROLES, ROLE_NAMES, Role
from tui.cells import fit, plain, wrapped
from tui.rows import article_name
from tui.screens.register_form import Line

if TYPE_CHECKING:
    from operations.register_drawing import Drawing

_YES_NO = (("no", N_("no")), ("yes", N_("yes")))
_ABOUT = (
    ("no", N_("no")),
    ("reads", N_("yes, and they read it")),
    ("about", N_("yes")),
    ("hidden", N_("yes, and it is kept from them")),
)
_KIND_ORDER = (
    FieldKind.LINE,
    FieldKind.TEXT,
    FieldKind.CHOICE,
    FieldKind.YES_NO,
    FieldKind.NUMBER,
    FieldKind.DATE,
    FieldKind.INSTANT,
    FieldKind.PERSON,
)
_LABEL_WIDTH = 14
_LONGEST_ANSWERS = 400


def general_lines(drawing: Drawing) -> list[Line]:
    """Return the lines of the form for title, course and who; a register that is there keeps its key."""
    from operations.register_drawing import SHAPE_NAMES, Shape
    from operations.register_drawing_forms import LABELS
    from operations.register_file import LONGEST_KEY, LONGEST_LABEL

    own_course = drawing.shape is Shape.AS_WRITTEN
    shapes = [
        (shape.value, words)
        for shape, words in SHAPE_NAMES.items()
        if own_course or shape is not Shape.AS_WRITTEN
    ]
    roles = tuple((role.value, ROLE_NAMES[role]) for role in Role if role in CENTRE_ROLES)
    waits = (Shape.FOLLOW_UP.value, Shape.PERMIT.value)

    def line(
        name: str, value: str, hint: str = "", longest: int = LONGEST_LABEL, when: tuple[str, ...] = ()
    ) -> Line:
        return Line(name, _(LABELS[name]), value, hint=hint, longest=longest, when=when)

    def who(name: str, chosen: frozenset[Role]) -> Line:
        ticked = ",".join(role.value for role in Role if role in chosen)
        return Line(name, _(LABELS[name]), ticked, roles, many=True)

    key = [line("key", drawing.key, longest=LONGEST_KEY)] if drawing.before is None else []
    never = N_("empty: never overdue")
    return [
        line("title", drawing.title),
        *key,
        line("articles", " ".join(map(str, drawing.articles)), N_("such as 19; empty: a house rule")),
        Line("shape", _(LABELS["shape"]), drawing.shape.value, tuple(shapes)),
        line("due_first", _number(drawing.due_first), never, 4, when=("shape", *waits)),
        line("due_second", _number(drawing.due_second), never, 4, when=("shape", waits[0])),
        who("adders", drawing.adders),
        who("readers", drawing.readers),
        who("closers", drawing.closers),
    ]


def field_lines(drawing: Drawing, known: RegisterField | None, *, fixed: bool) -> list[Line]:
    """Return the lines of a field's form, of a new one where there is none yet; a ``fixed`` one keeps its kind."""
    from operations.register_drawing import Shape, shown_by_default
    from operations.register_drawing_forms import LABELS
    from operations.register_file import LONGEST_LABEL, LONGEST_UNIT

    kind = known.kind if known is not None else FieldKind.LINE
    key = known.key if known is not None else ""

    def when(wanted: FieldKind) -> tuple[str, ...] | None:
        if fixed:
            return () if wanted is kind else None
        return ("kind", wanted.value)

    shown = key in drawing.columns if known is not None else shown_by_default(drawing)
    lines = [Line("label", _(LABELS["label"]), known.label if known else "", longest=LONGEST_LABEL)]
    if not fixed:
        kinds = tuple((one.value, KIND_NAMES[one]) for one in _KIND_ORDER)
        lines.append(Line("kind", _(LABELS["kind"]), kind.value, kinds))
    for name, wanted, value, hint, longest in (
        (
            "answers",
            FieldKind.CHOICE,
            "、".join(c.label for c in known.choices) if known else "",
            N_("such as 完好、损坏"),
            _LONGEST_ANSWERS,
        ),
        ("unit", FieldKind.NUMBER, known.unit if known else "", "", LONGEST_UNIT),
    ):
        if (on := when(wanted)) is not None:
            lines.append(Line(name, _(LABELS[name]), value, hint=hint, longest=longest, when=on))
    if (on := when(FieldKind.PERSON)) is not None:
        lines.append(Line("about", _(LABELS["about"]), _about(drawing, key), _ABOUT, when=on))
    if drawing.shape is Shape.PERMIT and (on := when(FieldKind.INSTANT)) is not None:
        ends = "yes" if key and key == drawing.ends_at else "no"
        lines.append(Line("ends", _(LABELS["ends"]), ends, _YES_NO, when=on))
    required = "yes" if known is not None and known.required else "no"
    return [
        *lines,
        Line("required", _(LABELS["required"]), required, _YES_NO),
        Line("shown", _(LABELS["shown"]), "yes" if shown else "no", _YES_NO),
    ]


def _about(drawing: Drawing, key: str) -> str:
    if not key or drawing.about != key:
        return "no"
    return "hidden" if drawing.hidden else "reads" if drawing.about_reads else "about"


def _number(days: int | None) -> str:
    return "" if days is None else str(days)


# --- the drawing on the screen ------------------------------------------------------------------------------


def drawing_summary(drawing: Drawing, width: int) -> list[Content]:
    """Return title, course and who, a label before each."""
    from operations.register_drawing import SHAPE_NAMES, Shape

    articles = " ".join(article_name(number) for number in drawing.articles or (HOUSE_RULE,))
    closers = N_("Corrects") if drawing.shape in (Shape.NOTE, Shape.AS_WRITTEN) else N_("Closes")
    facts = (
        (N_("Register"), f"{drawing.title} ({drawing.key})  {articles}"),
        (N_("Course"), "  ".join(filter(None, (_(SHAPE_NAMES[drawing.shape]), _due_words(drawing))))),
        (N_("Adds"), role_words(drawing.adders)),
        (N_("Reads"), role_words(drawing.readers)),
        (closers, role_words(drawing.closers)),
    )
    lines = []
    for label, words in facts:
        for place, part in enumerate(wrapped(plain(words), max(20, width - _LABEL_WIDTH))):
            head = fit(Content.styled(_(label) if place == 0 else "", "$faint"), _LABEL_WIDTH)
            lines.append(Content.assemble(head, part))
    return lines


def _due_words(drawing: Drawing) -> str:
    from operations.register_drawing import Shape

    if drawing.shape not in (Shape.FOLLOW_UP, Shape.PERMIT):
        return ""
    first, second = drawing.due_first, drawing.due_second
    parts = [_("taken up within {count} d").format(count=first) if first is not None else ""]
    if drawing.shape is Shape.FOLLOW_UP and second is not None:
        parts.append(_("closed within {count} d").format(count=second))
    return _(", ").join(filter(None, parts)) or _("never overdue")


def role_words(roles: frozenset[Role]) -> str:
    """Return who, in as few words as there are."""
    if roles == CENTRE_ROLES:
        return _("everyone in the centre")
    if roles == LEADER_ROLES:
        return _("all leaders")
    return _(", ").join(_(ROLE_NAMES[role]) for role in Role if role in roles)


def field_cells(drawing: Drawing, known: RegisterField) -> list[Content]:
    """A field in the drawing's list: what is asked, as what, and what else is said of it."""
    from operations.register_drawing import columns_of

    notes = [
        _("must be filled in") if known.required else "",
        _("in the list") if known.key in columns_of(drawing) else "",
        _("whom it is about") if known.key == drawing.about else "",
        _("the permit ends then") if known.key == drawing.ends_at else "",
        known.unit,
        "、".join(choice.label for choice in known.choices),
    ]
    return [
        plain(known.label),
        Content.styled(_(KIND_NAMES[known.kind]), "$info"),
        plain(" · ".join(filter(None, notes)), "$faint"),
    ]
