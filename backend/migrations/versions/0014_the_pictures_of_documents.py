"""The pictures in documents, kept once each, and where they stand in which version.

Revision ID: 0014
Revises: 0013
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Two tables for them; documents that are there get their pictures when they are added again."""
    op.create_table(
        "handbook_pictures",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("mime", sa.String(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handbook_pictures")),
    )
    op.create_table(
        "version_pictures",
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("picture_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["version_id"], ["document_versions.id"], name=op.f("fk_version_pictures_version_id")),
        sa.ForeignKeyConstraint(["picture_id"], ["handbook_pictures.id"], name=op.f("fk_version_pictures_picture_id")),
        sa.PrimaryKeyConstraint("version_id", "address", name=op.f("pk_version_pictures")),
    )
    op.create_index(op.f("ix_version_pictures_picture_id"), "version_pictures", ["picture_id"])


def downgrade() -> None:
    """Both tables go."""
    op.drop_table("version_pictures")
    op.drop_table("handbook_pictures")
