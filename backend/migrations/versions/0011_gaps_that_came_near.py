"""Of each question without an answer, whether what comes nearest was shown.

Revision ID: 0011
Revises: 0010
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A column for it; those kept before found nothing at all."""
    op.add_column("gaps", sa.Column("near", sa.Boolean(), server_default=sa.false(), nullable=False))


def downgrade() -> None:
    """Takes it away."""
    with op.batch_alter_table("gaps") as table:
        table.drop_column("near")
