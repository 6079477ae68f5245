"""Who may read each version of a document: what stood in it for some stays theirs when a later one is for all.

Revision ID: 0013
Revises: 0012
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A table for it; the versions that are there are for those that their document is for."""
    op.create_table(
        "version_readers",
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("sort", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["version_id"], ["document_versions.id"], name=op.f("fk_version_readers_version_id")),
        sa.PrimaryKeyConstraint("version_id", "sort", "name", name=op.f("pk_version_readers")),
    )
    op.execute(
        "INSERT INTO version_readers (version_id, sort, name) "
        "SELECT v.id, r.sort, r.name FROM document_versions v JOIN document_readers r ON r.document_id = v.document_id"
    )


def downgrade() -> None:
    """The table goes."""
    op.drop_table("version_readers")
