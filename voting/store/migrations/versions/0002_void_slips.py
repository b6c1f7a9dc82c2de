"""Void slips."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "board_voids",
        sa.Column("poll", sa.String(length=32), nullable=False),
        sa.Column("credential", sa.LargeBinary(length=32), nullable=False),
        sa.Column("reason", sa.String(length=10), nullable=False),
        sa.Column("tracker", sa.String(length=43), nullable=True),
        sa.Column("official_1", sa.Text(), nullable=False),
        sa.Column("official_2", sa.Text(), nullable=False),
        sa.Column("proof", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "reason IN ('leftover', 'damaged', 'contested', 'challenged')", name=op.f("ck_board_voids_reason")
        ),
        sa.ForeignKeyConstraint(["poll"], ["board_polls.uuid"], name=op.f("fk_board_voids_poll_board_polls")),
        sa.PrimaryKeyConstraint("poll", "credential", name=op.f("pk_board_voids")),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_table("board_voids")
