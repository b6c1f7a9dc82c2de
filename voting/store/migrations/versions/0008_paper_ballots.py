"""Paper ballots, as two people counted them."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "papers_counts",
        sa.Column("poll", sa.String(length=32), nullable=False),
        sa.Column("entry", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("entered", sa.BigInteger(), nullable=False),
        sa.Column("figures", sa.Text(), nullable=False),
        sa.CheckConstraint("entry IN (1, 2)", name=op.f("ck_papers_counts_entry")),
        sa.ForeignKeyConstraint(["poll"], ["polls.uuid"], name=op.f("fk_papers_counts_poll_polls")),
        sa.PrimaryKeyConstraint("poll", "entry", name=op.f("pk_papers_counts")),
    )


def downgrade() -> None:
    op.drop_table("papers_counts")
