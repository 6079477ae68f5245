"""Receipts: what was read from a file, and what of a draft is in doubt."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy import Text
from sqlalchemy.dialects import postgresql

import backend.store

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

DOC = sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), "postgresql")


def upgrade() -> None:
    op.create_table(
        "readings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("file_id", sa.String(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("batch", sa.String(), nullable=False),
        sa.Column("event", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("conversation", sa.String(), nullable=False),
        sa.Column("private", sa.Boolean(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("said", DOC, nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("held_by", sa.String(), nullable=True),
        sa.Column("held_until", backend.store.Moment(timezone=True), nullable=True),
        sa.Column("doc", DOC, nullable=True),
        sa.Column("day", sa.Date(), nullable=True),
        sa.Column("total", sa.String(), nullable=True),
        sa.Column("document", sa.String(), nullable=True),
        sa.Column("picture", sa.String(), nullable=False),
        sa.Column("request", sa.Integer(), nullable=True),
        sa.Column("draft", sa.Integer(), nullable=True),
        sa.Column("at", backend.store.Moment(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["file_id"], ["files.id"], name=op.f("fk_readings_file_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_readings_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_readings")),
        sa.UniqueConstraint("file_id", name=op.f("uq_readings_file_id")),
    )
    with op.batch_alter_table("readings", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_readings_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_readings_document"), ["document"], unique=False)
        batch_op.create_index(batch_op.f("ix_readings_request"), ["request"], unique=False)
        batch_op.create_index("readings_due", ["state", "id"], unique=False)
        batch_op.create_index("readings_by_batch", ["batch"], unique=False)
        batch_op.create_index("readings_alike", ["total", "day"], unique=False)
    with op.batch_alter_table("files", schema=None) as batch_op:
        batch_op.add_column(sa.Column("original", sa.String(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("removed_at", backend.store.Moment(timezone=True), nullable=True))
        batch_op.create_index(batch_op.f("ix_files_original"), ["original"], unique=False)
    with op.batch_alter_table("drafts", schema=None) as batch_op:
        batch_op.add_column(sa.Column("doubts", DOC, server_default="{}", nullable=False))
    op.create_table(
        "payments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("employer_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("made_at", backend.store.Moment(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("closed_at", backend.store.Moment(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("fk_payments_by_id")),
        sa.ForeignKeyConstraint(["employer_id"], ["employers.id"], name=op.f("fk_payments_employer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payments")),
    )
    op.create_table(
        "payment_items",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("payment_id", sa.Integer(), nullable=False),
        sa.Column("request", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("amount", backend.store.Amount(precision=18, scale=6), nullable=False),
        sa.Column("left_out", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["payment_id"], ["payments.id"], name=op.f("fk_payment_items_payment_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_payment_items_person_id")),
        sa.ForeignKeyConstraint(["request"], ["requests.number"], name=op.f("fk_payment_items_request")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment_items")),
    )
    with op.batch_alter_table("payment_items", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_payment_items_payment_id"), ["payment_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_payment_items_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_payment_items_request"), ["request"], unique=False)


def downgrade() -> None:
    op.drop_table("payment_items")
    op.drop_table("payments")
    with op.batch_alter_table("drafts", schema=None) as batch_op:
        batch_op.drop_column("doubts")
    with op.batch_alter_table("files", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_files_original"))
        batch_op.drop_column("removed_at")
        batch_op.drop_column("original")
    op.drop_table("readings")
