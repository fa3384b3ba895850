"""Who is who (Art. 2): roles, and whether a role belongs to the centre."""

from __future__ import annotations

from enum import StrEnum

from regulation.marking import N_


class Role(StrEnum):
    """A person's standing under Art. 2. The value is what the data stores."""

    OPERATOR = "operator"
    SHIFT_LEADER = "shift_leader"
    SENIOR_SHIFT_LEADER = "senior_shift_leader"
    QA_INSPECTOR = "qa_inspector"
    SURVEYOR = "surveyor"
    LIBRARIAN = "librarian"
    STATISTICIAN = "statistician"
    DEPUTY_MANAGER = "deputy_manager"
    ADMIN = "admin"
    COMPANY_EMPLOYEE = "company_employee"
    OUTSIDE_VISITOR = "outside_visitor"


ROLE_NAMES: dict[Role, str] = {
    Role.OPERATOR: N_("operator"),
    Role.SHIFT_LEADER: N_("shift leader"),
    Role.SENIOR_SHIFT_LEADER: N_("senior shift leader"),
    Role.QA_INSPECTOR: N_("QA inspector"),
    Role.SURVEYOR: N_("satisfaction surveyor"),
    Role.LIBRARIAN: N_("data librarian"),
    Role.STATISTICIAN: N_("statistician"),
    Role.DEPUTY_MANAGER: N_("deputy manager"),
    Role.ADMIN: N_("system administrator"),
    Role.COMPANY_EMPLOYEE: N_("company employee"),
    Role.OUTSIDE_VISITOR: N_("outside visitor"),
}

# Art. 2: the centre's own personnel. An administrator keeps the machines, not the centre's work, and enters
# the machine room on the same terms as any other company employee.
CENTRE_ROLES = frozenset(Role) - {Role.ADMIN, Role.COMPANY_EMPLOYEE, Role.OUTSIDE_VISITOR}

# Art. 35 speaks of "business staff": shift leaders and the four specialist posts.
BUSINESS_ROLES = frozenset(
    {Role.SHIFT_LEADER, Role.QA_INSPECTOR, Role.SURVEYOR, Role.LIBRARIAN, Role.STATISTICIAN}
)

LEADER_ROLES = frozenset({Role.SHIFT_LEADER, Role.SENIOR_SHIFT_LEADER, Role.DEPUTY_MANAGER})


def is_centre_personnel(role: Role) -> bool:
    """Whether ``role`` belongs to the centre (Art. 2); everyone else needs a visit (Art. 20)."""
    return role in CENTRE_ROLES
