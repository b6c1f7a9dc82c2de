"""Analyses, proposals and the Party group's meetings."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "decisions_meetings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("selection_id", sa.Integer(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column("recorder", sa.Text(), nullable=False),
        sa.Column("observers", sa.Text(), nullable=False),
        sa.Column("way", sa.String(length=8), nullable=False),
        sa.Column("poll", sa.String(length=32), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("concluded", sa.BigInteger(), nullable=True),
        sa.Column("corrects", sa.Integer(), nullable=True),
        sa.Column("correction", sa.Text(), nullable=False),
        sa.CheckConstraint("way IN ('named', 'slips')", name=op.f("ck_decisions_meetings_way")),
        sa.ForeignKeyConstraint(
            ["corrects"], ["decisions_meetings.id"], name=op.f("fk_decisions_meetings_corrects_decisions_meetings")
        ),
        sa.ForeignKeyConstraint(
            ["selection_id"], ["selections.id"], name=op.f("fk_decisions_meetings_selection_id_selections")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decisions_meetings")),
    )
    op.create_index(op.f("ix_decisions_meetings_selection_id"), "decisions_meetings", ["selection_id"])

    op.create_table(
        "decisions_analyses",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("votes", sa.Text(), nullable=False),
        sa.Column("assessments", sa.Text(), nullable=False),
        sa.Column("performance", sa.Text(), nullable=False),
        sa.Column("fit", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("written", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["post_id"], ["selections_posts.id"], name=op.f("fk_decisions_analyses_post_id_selections_posts")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decisions_analyses")),
        sa.UniqueConstraint("post_id", "person", "version", name="decisions_analyses_version"),
    )
    op.create_index(op.f("ix_decisions_analyses_post_id"), "decisions_analyses", ["post_id"])

    op.create_table(
        "decisions_items",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("reconsider", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["decisions_meetings.id"], name=op.f("fk_decisions_items_meeting_id_decisions_meetings")
        ),
        sa.ForeignKeyConstraint(
            ["post_id"], ["selections_posts.id"], name=op.f("fk_decisions_items_post_id_selections_posts")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decisions_items")),
        sa.UniqueConstraint("meeting_id", "position", name="decisions_items_position"),
    )
    op.create_index(op.f("ix_decisions_items_meeting_id"), "decisions_items", ["meeting_id"])

    op.create_table(
        "decisions_members",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("present", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["decisions_meetings.id"], name=op.f("fk_decisions_members_meeting_id_decisions_meetings")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decisions_members")),
        sa.UniqueConstraint("meeting_id", "position", name="decisions_members_position"),
    )
    op.create_index(op.f("ix_decisions_members_meeting_id"), "decisions_members", ["meeting_id"])

    op.create_table(
        "decisions_proposals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column("stage", sa.String(length=16), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("persons", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("written", sa.BigInteger(), nullable=False),
        sa.Column("fixed_on", sa.Date(), nullable=True),
        sa.Column("fixed_by", sa.Text(), nullable=False),
        sa.CheckConstraint("stage IN ('vetting', 'appointment')", name=op.f("ck_decisions_proposals_stage")),
        sa.ForeignKeyConstraint(
            ["post_id"], ["selections_posts.id"], name=op.f("fk_decisions_proposals_post_id_selections_posts")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decisions_proposals")),
        sa.UniqueConstraint("post_id", "stage", "version", name="decisions_proposals_version"),
    )
    op.create_index(op.f("ix_decisions_proposals_post_id"), "decisions_proposals", ["post_id"])

    op.create_table(
        "decisions_votes",
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("said", sa.String(length=8), nullable=False),
        sa.CheckConstraint(
            "said IN ('agree', 'oppose', 'postpone', 'silent', 'recused')", name=op.f("ck_decisions_votes_said")
        ),
        sa.ForeignKeyConstraint(
            ["item_id"], ["decisions_items.id"], name=op.f("fk_decisions_votes_item_id_decisions_items")
        ),
        sa.ForeignKeyConstraint(
            ["member_id"], ["decisions_members.id"], name=op.f("fk_decisions_votes_member_id_decisions_members")
        ),
        sa.PrimaryKeyConstraint("item_id", "member_id", name=op.f("pk_decisions_votes")),
    )


def downgrade() -> None:
    op.drop_table("decisions_votes")
    op.drop_table("decisions_proposals")
    op.drop_table("decisions_members")
    op.drop_table("decisions_items")
    op.drop_table("decisions_analyses")
    op.drop_table("decisions_meetings")
