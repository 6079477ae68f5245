"""Beside each passage what its pieces mean, so that an answer is found at once.

Revision ID: 0010
Revises: 0009
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A column for them; passages from before have none, and are read when they are needed."""
    op.add_column("passages", sa.Column("pieces", sa.LargeBinary(), nullable=True))


def downgrade() -> None:
    """Takes it away."""
    with op.batch_alter_table("passages") as table:
        table.drop_column("pieces")
