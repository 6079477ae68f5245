"""A day of leave knows in whose favour it was given back."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("leave_days", schema=None) as batch_op:
        batch_op.add_column(sa.Column("given_to", sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f("ix_leave_days_given_to"), ["given_to"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("leave_days", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_leave_days_given_to"))
        batch_op.drop_column("given_to")
