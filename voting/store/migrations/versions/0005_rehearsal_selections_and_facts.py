"""Rehearsal selections, and facts of the people on their ballots."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Selections entered before this column count: none of them may use a rehearsal.
    op.add_column("selections", sa.Column("rehearsal", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.create_table(
        "selections_facts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("selection_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("department", sa.Text(), nullable=False),
        sa.Column("birth", sa.Text(), nullable=False),
        sa.Column("degree", sa.Text(), nullable=False),
        sa.Column("post", sa.Text(), nullable=False),
        sa.Column("post_since", sa.Date(), nullable=True),
        sa.Column("rank", sa.Text(), nullable=False),
        sa.Column("rank_since", sa.Date(), nullable=True),
        sa.Column("assessments", sa.Text(), nullable=False),
        sa.Column("hinted", sa.Boolean(), nullable=False),
        sa.Column("earlier_what", sa.Text(), nullable=False),
        sa.Column("earlier_since", sa.Date(), nullable=True),
        sa.Column("earlier_basis", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["selection_id"], ["selections.id"], name=op.f("fk_selections_facts_selection_id_selections")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_selections_facts")),
        sa.UniqueConstraint("selection_id", "name", "department", name="selections_facts_person"),
    )
    op.create_index(op.f("ix_selections_facts_selection_id"), "selections_facts", ["selection_id"])


def downgrade() -> None:
    op.drop_table("selections_facts")
    op.drop_column("selections", "rehearsal")
