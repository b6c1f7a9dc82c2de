"""The meeting's steps, its last call, and the pre-flight."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("board_polls", sa.Column("step", sa.String(length=10), nullable=True))
    op.add_column("board_polls", sa.Column("last_call", sa.Integer(), nullable=True))
    op.add_column("board_polls", sa.Column("sample", sa.LargeBinary(), nullable=True))
    op.add_column("slips_batches", sa.Column("base_url", sa.Text(), nullable=True))
    op.add_column("trustees", sa.Column("opened_at", sa.BigInteger(), nullable=True))
    op.create_table(
        "board_checks",
        sa.Column("poll", sa.String(length=32), nullable=False),
        sa.Column("line", sa.String(length=8), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("passed", sa.Boolean(), nullable=False),
        sa.Column("measured", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["poll"], ["board_polls.uuid"], name=op.f("fk_board_checks_poll_board_polls")),
        sa.PrimaryKeyConstraint("poll", "line", name=op.f("pk_board_checks")),
    )
    op.create_table(
        "polls_waivers",
        sa.Column("poll", sa.String(length=32), nullable=False),
        sa.Column("line", sa.String(length=8), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("official_1", sa.Text(), nullable=False),
        sa.Column("official_2", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["poll"], ["polls.uuid"], name=op.f("fk_polls_waivers_poll_polls")),
        sa.PrimaryKeyConstraint("poll", "line", name=op.f("pk_polls_waivers")),
    )


def downgrade() -> None:
    op.drop_table("polls_waivers")
    op.drop_table("board_checks")
    op.drop_column("trustees", "opened_at")
    op.drop_column("slips_batches", "base_url")
    op.drop_column("board_polls", "sample")
    op.drop_column("board_polls", "last_call")
    op.drop_column("board_polls", "step")
