"""The request engine."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy import Text
from sqlalchemy.dialects import postgresql

import backend.store

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "assistants",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("assistant_id", sa.Integer(), nullable=False),
        sa.Column("up_to", backend.store.Amount(precision=18, scale=6), nullable=True),
        sa.Column("up_to_days", backend.store.Amount(precision=18, scale=6), nullable=True),
        sa.Column("kinds", sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), "postgresql"), nullable=False),
        sa.Column("since", backend.store.Moment(timezone=True), nullable=False),
        sa.Column("ended_at", backend.store.Moment(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["assistant_id"], ["people.id"], name=op.f("fk_assistants_assistant_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_assistants_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assistants")),
    )
    op.create_index(op.f("ix_assistants_assistant_id"), "assistants", ["assistant_id"], unique=False)
    op.create_index(op.f("ix_assistants_person_id"), "assistants", ["person_id"], unique=False)
    op.create_table(
        "leave_remainders",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("leave_type", sa.String(), nullable=False),
        sa.Column("year", sa.String(), nullable=False),
        sa.Column("days", backend.store.Amount(precision=18, scale=6), nullable=False),
        sa.Column("lapses_on", sa.Date(), nullable=False),
        sa.Column("event", sa.String(), nullable=True),
        sa.Column("delivered_at", backend.store.Moment(timezone=True), nullable=True),
        sa.Column("carried", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_leave_remainders_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_leave_remainders")),
        sa.UniqueConstraint(
            "person_id", "leave_type", "year", name=op.f("uq_leave_remainders_person_id_leave_type_year")
        ),
    )
    op.create_index(op.f("ix_leave_remainders_person_id"), "leave_remainders", ["person_id"], unique=False)
    op.create_table(
        "money_entries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("employer_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("sort", sa.String(), nullable=False),
        sa.Column("category", sa.String(), nullable=False),
        sa.Column("cost_centre", sa.String(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("amount", backend.store.Amount(precision=18, scale=6), nullable=False),
        sa.Column("original", backend.store.Amount(precision=18, scale=6), nullable=False),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("rate", backend.store.Amount(precision=18, scale=6), nullable=False),
        sa.Column("owed", backend.store.Amount(precision=18, scale=6), nullable=False),
        sa.Column("due", backend.store.Amount(precision=18, scale=6), nullable=False),
        sa.Column("payee", sa.String(), nullable=False),
        sa.Column("request", sa.Integer(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=True),
        sa.Column("at", backend.store.Moment(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_money_entries_by_id")),
        sa.ForeignKeyConstraint(["employer_id"], ["employers.id"], name=op.f("fk_money_entries_employer_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_money_entries_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_money_entries")),
    )
    op.create_index(op.f("ix_money_entries_person_id"), "money_entries", ["person_id"], unique=False)
    op.create_index(op.f("ix_money_entries_request"), "money_entries", ["request"], unique=False)
    op.create_index("money_entries_by_day", "money_entries", ["employer_id", "day"], unique=False)
    op.create_table(
        "table_rows",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("employer_id", sa.Integer(), nullable=True),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("values", sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), "postgresql"), nullable=False),
        sa.Column("loaded_at", backend.store.Moment(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_table_rows_by_id")),
        sa.ForeignKeyConstraint(["employer_id"], ["employers.id"], name=op.f("fk_table_rows_employer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_table_rows")),
    )
    op.create_index("table_rows_by_name", "table_rows", ["name", "since"], unique=False)
    op.create_table(
        "arrivals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("request", sa.Integer(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("at", backend.store.Moment(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_arrivals_by_id")),
        sa.ForeignKeyConstraint(["request"], ["requests.number"], name=op.f("fk_arrivals_request")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_arrivals")),
    )
    op.create_index(op.f("ix_arrivals_request"), "arrivals", ["request"], unique=False)
    op.create_table(
        "orders",
        sa.Column("request", sa.Integer(), nullable=False),
        sa.Column("employer_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("made_at", backend.store.Moment(timezone=True), nullable=False),
        sa.Column("placed_at", backend.store.Moment(timezone=True), nullable=True),
        sa.Column("closed", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["employer_id"], ["employers.id"], name=op.f("fk_orders_employer_id")),
        sa.ForeignKeyConstraint(["request"], ["requests.number"], name=op.f("fk_orders_request")),
        sa.PrimaryKeyConstraint("request", name=op.f("pk_orders")),
        sa.UniqueConstraint("employer_id", "number", name=op.f("uq_orders_employer_id_number")),
    )
    op.create_table(
        "questions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("step_id", sa.Integer(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("at", backend.store.Moment(timezone=True), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("answered_at", backend.store.Moment(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_questions_by_id")),
        sa.ForeignKeyConstraint(["step_id"], ["steps.id"], name=op.f("fk_questions_step_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_questions")),
    )
    op.create_index(op.f("ix_questions_step_id"), "questions", ["step_id"], unique=False)
    op.add_column(
        "drafts",
        sa.Column("seen", sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), "postgresql"), nullable=True),
    )
    op.add_column("drafts", sa.Column("for_id", sa.Integer(), nullable=True))
    op.add_column("leave_entries", sa.Column("day", sa.Date(), nullable=True))
    op.add_column("leave_entries", sa.Column("period", sa.String(), nullable=True))
    op.add_column("leave_entries", sa.Column("reason", sa.String(), nullable=True))
    op.create_index("leave_entries_once", "leave_entries", ["person_id", "leave_type", "sort", "period"], unique=True)
    op.add_column(
        "opinions",
        sa.Column("lowered", sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), "postgresql"), nullable=True),
    )
    op.add_column(
        "opinions",
        sa.Column("before", sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), "postgresql"), nullable=True),
    )
    op.add_column("opinions", sa.Column("undone_at", backend.store.Moment(timezone=True), nullable=True))
    op.add_column(
        "request_lines",
        sa.Column("granted", sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), "postgresql"), nullable=True),
    )
    op.add_column(
        "requests",
        sa.Column("granted", sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), "postgresql"), nullable=True),
    )
    op.add_column("requests", sa.Column("version", sa.Integer(), server_default="0", nullable=False))
    op.add_column(
        "requests",
        sa.Column("before", sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), "postgresql"), nullable=True),
    )
    op.add_column(
        "steps",
        sa.Column("route", sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), "postgresql"), nullable=True),
    )
    op.add_column("steps", sa.Column("acting", sa.Integer(), nullable=True))
    op.add_column(
        "steps",
        sa.Column("had", sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), "postgresql"), nullable=True),
    )
    op.create_index(op.f("ix_steps_acting"), "steps", ["acting"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_steps_acting"), table_name="steps")
    op.drop_column("steps", "had")
    op.drop_column("steps", "acting")
    op.drop_column("steps", "route")
    op.drop_column("requests", "before")
    op.drop_column("requests", "version")
    op.drop_column("requests", "granted")
    op.drop_column("request_lines", "granted")
    op.drop_column("opinions", "undone_at")
    op.drop_column("opinions", "before")
    op.drop_column("opinions", "lowered")
    op.drop_index("leave_entries_once", table_name="leave_entries")
    op.drop_column("leave_entries", "reason")
    op.drop_column("leave_entries", "period")
    op.drop_column("leave_entries", "day")
    op.drop_column("drafts", "for_id")
    op.drop_column("drafts", "seen")
    op.drop_index(op.f("ix_questions_step_id"), table_name="questions")
    op.drop_table("questions")
    op.drop_table("orders")
    op.drop_index(op.f("ix_arrivals_request"), table_name="arrivals")
    op.drop_table("arrivals")
    op.drop_index("table_rows_by_name", table_name="table_rows")
    op.drop_table("table_rows")
    op.drop_index("money_entries_by_day", table_name="money_entries")
    op.drop_index(op.f("ix_money_entries_request"), table_name="money_entries")
    op.drop_index(op.f("ix_money_entries_person_id"), table_name="money_entries")
    op.drop_table("money_entries")
    op.drop_index(op.f("ix_leave_remainders_person_id"), table_name="leave_remainders")
    op.drop_table("leave_remainders")
    op.drop_index(op.f("ix_assistants_person_id"), table_name="assistants")
    op.drop_index(op.f("ix_assistants_assistant_id"), table_name="assistants")
    op.drop_table("assistants")
