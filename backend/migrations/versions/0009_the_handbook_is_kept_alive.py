"""The handbook is kept alive: proposals, questions to owners, thumbs, synonyms, translations; whom to confide in."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy import Text
from sqlalchemy.dialects import postgresql

import backend.store

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in ("company", "employers"):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.add_column(sa.Column("confidential", sa.String(), server_default="", nullable=False))
    with op.batch_alter_table("documents", schema=None) as batch_op:
        batch_op.add_column(sa.Column("translation_of", sa.String(), nullable=True))
        batch_op.create_index(batch_op.f("ix_documents_translation_of"), ["translation_of"], unique=False)
    op.create_table(
        "handbook_proposals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("sort", sa.String(), nullable=False),
        sa.Column("held", sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), "postgresql"), nullable=False),
        sa.Column("vectors", sa.LargeBinary(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("origin", sa.String(), nullable=False),
        sa.Column("at", backend.store.Moment(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_handbook_proposals_person_id_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handbook_proposals")),
    )
    with op.batch_alter_table("handbook_proposals", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_handbook_proposals_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_handbook_proposals_origin"), ["origin"], unique=False)
    op.create_table(
        "owner_questions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("asker_id", sa.Integer(), nullable=False),
        sa.Column("to_id", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=True),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("at", backend.store.Moment(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["asker_id"], ["people.id"], name=op.f("fk_owner_questions_asker_id_people")),
        sa.ForeignKeyConstraint(["to_id"], ["people.id"], name=op.f("fk_owner_questions_to_id_people")),
        sa.ForeignKeyConstraint(
            ["document_id"], ["documents.id"], name=op.f("fk_owner_questions_document_id_documents")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_owner_questions")),
    )
    with op.batch_alter_table("owner_questions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_owner_questions_asker_id"), ["asker_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_owner_questions_to_id"), ["to_id"], unique=False)
    op.create_table(
        "answer_ratings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("useful", sa.Boolean(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["document_id"], ["documents.id"], name=op.f("fk_answer_ratings_document_id_documents")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer_ratings")),
    )
    with op.batch_alter_table("answer_ratings", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_answer_ratings_document_id"), ["document_id"], unique=False)
    op.create_table(
        "synonym_lines",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_synonym_lines")),
        sa.UniqueConstraint("words", name=op.f("uq_synonym_lines_words")),
    )


def downgrade() -> None:
    for table in ("synonym_lines", "answer_ratings", "owner_questions", "handbook_proposals"):
        op.drop_table(table)
    with op.batch_alter_table("documents", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_documents_translation_of"))
        batch_op.drop_column("translation_of")
    for table in ("employers", "company"):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_column("confidential")
