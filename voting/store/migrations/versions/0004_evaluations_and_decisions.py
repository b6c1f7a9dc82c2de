"""Evaluations and decisions by slips: persons of a poll, the items asked, and what 优秀称职率 is divided by."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

OLD = "kind IN ('recommendation')"
NEW = "kind IN ('recommendation', 'evaluation', 'decision')"


def upgrade() -> None:
    op.create_table(
        "polls_persons",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("poll", sa.String(length=32), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("duty", sa.Text(), nullable=False),
        sa.Column("department", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["poll"], ["polls.uuid"], name=op.f("fk_polls_persons_poll_polls")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_polls_persons")),
        sa.UniqueConstraint("poll", "position", name="polls_persons_position"),
    )
    with op.batch_alter_table("polls_persons", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_polls_persons_poll"), ["poll"], unique=False)
    with op.batch_alter_table("polls", schema=None) as batch_op:
        batch_op.add_column(sa.Column("items", sa.String(length=40), server_default="", nullable=False))
        batch_op.add_column(sa.Column("rate_base", sa.String(length=8), server_default="valid", nullable=False))
        batch_op.drop_constraint(op.f("ck_polls_kind"), type_="check")
        batch_op.create_check_constraint(op.f("ck_polls_kind"), NEW)
        batch_op.create_check_constraint(op.f("ck_polls_rate_base"), "rate_base IN ('valid', 'marked')")
    with op.batch_alter_table("polls", schema=None) as batch_op:  # the default was for the rows that were there
        batch_op.alter_column("items", server_default=None)


def downgrade() -> None:
    """Only where every poll is a recommendation: the old check refuses the others."""
    with op.batch_alter_table("polls_persons", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_polls_persons_poll"))
    op.drop_table("polls_persons")
    with op.batch_alter_table("polls", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_polls_rate_base"), type_="check")
        batch_op.drop_constraint(op.f("ck_polls_kind"), type_="check")
        batch_op.create_check_constraint(op.f("ck_polls_kind"), OLD)
        batch_op.drop_column("items")
        batch_op.drop_column("rate_base")
