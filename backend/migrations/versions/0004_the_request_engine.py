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


def downgrade() -> None:
    op.drop_index("table_rows_by_name", table_name="table_rows")
    op.drop_table("table_rows")
    op.drop_index("money_entries_by_day", table_name="money_entries")
    op.drop_index(op.f("ix_money_entries_request"), table_name="money_entries")
    op.drop_index(op.f("ix_money_entries_person_id"), table_name="money_entries")
    op.drop_table("money_entries")
