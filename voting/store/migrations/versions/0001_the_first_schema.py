"""The first schema."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "accounts_audit",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("time", sa.BigInteger(), nullable=False),
        sa.Column("actor", sa.String(length=60), nullable=False),
        sa.Column("action", sa.String(length=60), nullable=False),
        sa.Column("subject", sa.String(length=120), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts_audit")),
        sa.UniqueConstraint("previous", name=op.f("uq_accounts_audit_previous")),
    )
    op.create_table(
        "accounts_throttle",
        sa.Column("key", sa.LargeBinary(length=32), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("last", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_accounts_throttle")),
    )
    op.create_table(
        "accounts_users",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("login", sa.String(length=60), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("password_hash", sa.LargeBinary(), nullable=True),
        sa.Column("totp_secret", sa.String(length=64), nullable=True),
        sa.Column("totp_last_step", sa.Integer(), nullable=False),
        sa.Column("disabled", sa.Boolean(), nullable=False),
        sa.CheckConstraint("role IN ('office', 'review', 'supervisor')", name=op.f("ck_accounts_users_role")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts_users")),
        sa.UniqueConstraint("login", name=op.f("uq_accounts_users_login")),
    )
    op.create_table(
        "board_polls",
        sa.Column("uuid", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("rehearsal", sa.Boolean(), nullable=False),
        sa.Column("transport", sa.String(length=8), nullable=False),
        sa.Column("election", sa.LargeBinary(), nullable=False),
        sa.Column("trustees", sa.LargeBinary(), nullable=False),
        sa.Column("credentials", sa.LargeBinary(), nullable=False),
        sa.Column("manifest", sa.LargeBinary(), nullable=False),
        sa.Column("log", sa.LargeBinary(), nullable=False),
        sa.Column("setup_event", sa.String(length=64), nullable=False),
        sa.Column("ballot_size", sa.Integer(), nullable=False),
        sa.Column("minimum", sa.Integer(), nullable=False),
        sa.Column("expected", sa.Integer(), nullable=True),
        sa.Column("present", sa.Integer(), nullable=True),
        sa.Column("printed", sa.Integer(), nullable=True),
        sa.Column("left_in_hand", sa.Integer(), nullable=True),
        sa.Column("closing_since", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "state IN ('draft', 'keyed', 'issued', 'open', 'closing', 'closed', 'tallied', 'void')",
            name=op.f("ck_board_polls_state"),
        ),
        sa.CheckConstraint("transport IN ('https', 'http')", name=op.f("ck_board_polls_transport")),
        sa.PrimaryKeyConstraint("uuid", name=op.f("pk_board_polls")),
    )
    op.create_table(
        "selections",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("bureau", sa.Text(), nullable=False),
        sa.Column("plan_date", sa.Date(), nullable=False),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_selections")),
    )
    op.create_table(
        "accounts_sessions",
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("created", sa.BigInteger(), nullable=False),
        sa.Column("seen", sa.BigInteger(), nullable=False),
        sa.Column("expires", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["accounts_users.id"],
            name=op.f("fk_accounts_sessions_user_id_accounts_users"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_accounts_sessions")),
    )
    with op.batch_alter_table("accounts_sessions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_accounts_sessions_user_id"), ["user_id"], unique=False)

    op.create_table(
        "accounts_setup",
        sa.Column("token_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("expires", sa.BigInteger(), nullable=False),
        sa.Column("used", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["accounts_users.id"],
            name=op.f("fk_accounts_setup_user_id_accounts_users"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_accounts_setup")),
    )
    with op.batch_alter_table("accounts_setup", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_accounts_setup_user_id"), ["user_id"], unique=False)

    op.create_table(
        "board_box",
        sa.Column("poll", sa.String(length=32), nullable=False),
        sa.Column("credential", sa.LargeBinary(length=32), nullable=False),
        sa.Column("filled", sa.Integer(), nullable=False),
        sa.Column("tracker", sa.LargeBinary(length=32), nullable=False),
        sa.Column("alphas", sa.LargeBinary(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("filled IN (0, 1)", name=op.f("ck_board_box_filled")),
        sa.ForeignKeyConstraint(["poll"], ["board_polls.uuid"], name=op.f("fk_board_box_poll_board_polls")),
        sa.PrimaryKeyConstraint("poll", "credential", name=op.f("pk_board_box")),
    )
    op.create_table(
        "board_credentials",
        sa.Column("poll", sa.String(length=32), nullable=False),
        sa.Column("credential", sa.LargeBinary(length=32), nullable=False),
        sa.Column("group_index", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["poll"], ["board_polls.uuid"], name=op.f("fk_board_credentials_poll_board_polls")),
        sa.PrimaryKeyConstraint("poll", "credential", name=op.f("pk_board_credentials")),
    )
    op.create_table(
        "board_files",
        sa.Column("poll", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["poll"], ["board_polls.uuid"], name=op.f("fk_board_files_poll_board_polls")),
        sa.PrimaryKeyConstraint("poll", "name", name=op.f("pk_board_files")),
    )
    op.create_table(
        "polls",
        sa.Column("uuid", sa.String(length=32), nullable=False),
        sa.Column("selection_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("form", sa.String(length=16), nullable=False),
        sa.Column("created", sa.DateTime(timezone=True), nullable=False),
        sa.Column("administrator", sa.Text(), nullable=False),
        sa.Column("credential_authority", sa.Text(), nullable=False),
        sa.Column("replaces", sa.String(length=32), nullable=False),
        sa.Column("void_reason", sa.Text(), nullable=False),
        sa.CheckConstraint("form IN ('meeting', 'interview')", name=op.f("ck_polls_form")),
        sa.CheckConstraint("kind IN ('recommendation')", name=op.f("ck_polls_kind")),
        sa.ForeignKeyConstraint(["selection_id"], ["selections.id"], name=op.f("fk_polls_selection_id_selections")),
        sa.ForeignKeyConstraint(["uuid"], ["board_polls.uuid"], name=op.f("fk_polls_uuid_board_polls")),
        sa.PrimaryKeyConstraint("uuid", name=op.f("pk_polls")),
    )
    with op.batch_alter_table("polls", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_polls_selection_id"), ["selection_id"], unique=False)

    op.create_table(
        "selections_posts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("selection_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("places", sa.Integer(), nullable=False),
        sa.CheckConstraint("places >= 1", name=op.f("ck_selections_posts_places")),
        sa.ForeignKeyConstraint(
            ["selection_id"], ["selections.id"], name=op.f("fk_selections_posts_selection_id_selections")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_selections_posts")),
        sa.UniqueConstraint("selection_id", "title", name="selections_posts_title"),
    )
    with op.batch_alter_table("selections_posts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_selections_posts_selection_id"), ["selection_id"], unique=False)

    op.create_table(
        "slips_batches",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("poll", sa.String(length=32), nullable=False),
        sa.Column("group_index", sa.Integer(), nullable=False),
        sa.Column("printed", sa.Integer(), nullable=False),
        sa.Column("spares", sa.Integer(), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.CheckConstraint("printed >= spares AND spares >= 0", name=op.f("ck_slips_batches_spares")),
        sa.ForeignKeyConstraint(["poll"], ["board_polls.uuid"], name=op.f("fk_slips_batches_poll_board_polls")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_slips_batches")),
        sa.UniqueConstraint("poll", "group_index", name="slips_batches_once"),
    )
    op.create_table(
        "trustees",
        sa.Column("poll", sa.String(length=32), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("selection", sa.Text(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("role", sa.String(length=100), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=True),
        sa.Column("public_key", sa.Text(), nullable=True),
        sa.Column("possession", sa.Text(), nullable=True),
        sa.Column("nonce", sa.String(length=32), nullable=True),
        sa.Column("opened", sa.Boolean(), nullable=False),
        sa.Column("share", sa.Text(), nullable=True),
        sa.CheckConstraint("n >= 1", name=op.f("ck_trustees_n")),
        sa.ForeignKeyConstraint(["poll"], ["board_polls.uuid"], name=op.f("fk_trustees_poll_board_polls")),
        sa.PrimaryKeyConstraint("poll", "n", name=op.f("pk_trustees")),
        sa.UniqueConstraint("poll", "key", name="trustees_key"),
        sa.UniqueConstraint("poll", "name", "role", name="trustees_person"),
    )
    op.create_table(
        "polls_groups",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("poll", sa.String(length=32), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("expected", sa.Integer(), nullable=False),
        sa.Column("spares", sa.Integer(), nullable=False),
        sa.CheckConstraint("expected >= 1 AND spares >= 0", name=op.f("ck_polls_groups_numbers")),
        sa.ForeignKeyConstraint(["poll"], ["polls.uuid"], name=op.f("fk_polls_groups_poll_polls")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_polls_groups")),
        sa.UniqueConstraint("poll", "label", name="polls_groups_label"),
    )
    with op.batch_alter_table("polls_groups", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_polls_groups_poll"), ["poll"], unique=False)

    op.create_table(
        "polls_officials",
        sa.Column("poll", sa.String(length=32), nullable=False),
        sa.Column("act", sa.String(length=8), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["poll"], ["polls.uuid"], name=op.f("fk_polls_officials_poll_polls")),
        sa.PrimaryKeyConstraint("poll", "act", "name", name=op.f("pk_polls_officials")),
    )
    op.create_table(
        "polls_questions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("poll", sa.String(length=32), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column("max_choices", sa.Integer(), nullable=False),
        sa.Column("places", sa.Integer(), nullable=False),
        sa.CheckConstraint("max_choices >= 1", name=op.f("ck_polls_questions_max_choices")),
        sa.ForeignKeyConstraint(["poll"], ["polls.uuid"], name=op.f("fk_polls_questions_poll_polls")),
        sa.ForeignKeyConstraint(
            ["post_id"], ["selections_posts.id"], name=op.f("fk_polls_questions_post_id_selections_posts")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_polls_questions")),
        sa.UniqueConstraint("poll", "post_id", name="polls_questions_post"),
    )
    with op.batch_alter_table("polls_questions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_polls_questions_poll"), ["poll"], unique=False)

    op.create_table(
        "selections_candidates",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("duty", sa.Text(), nullable=False),
        sa.Column("department", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["post_id"], ["selections_posts.id"], name=op.f("fk_selections_candidates_post_id_selections_posts")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_selections_candidates")),
        sa.UniqueConstraint("post_id", "position", name="selections_candidates_position"),
    )
    with op.batch_alter_table("selections_candidates", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_selections_candidates_post_id"), ["post_id"], unique=False)

    op.create_table(
        "selections_locks",
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column("holder", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(
            ["post_id"], ["selections_posts.id"], name=op.f("fk_selections_locks_post_id_selections_posts")
        ),
        sa.PrimaryKeyConstraint("post_id", "holder", name=op.f("pk_selections_locks")),
    )


def downgrade() -> None:
    op.drop_table("selections_locks")
    with op.batch_alter_table("selections_candidates", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_selections_candidates_post_id"))

    op.drop_table("selections_candidates")
    with op.batch_alter_table("polls_questions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_polls_questions_poll"))

    op.drop_table("polls_questions")
    op.drop_table("polls_officials")
    with op.batch_alter_table("polls_groups", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_polls_groups_poll"))

    op.drop_table("polls_groups")
    op.drop_table("trustees")
    op.drop_table("slips_batches")
    with op.batch_alter_table("selections_posts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_selections_posts_selection_id"))

    op.drop_table("selections_posts")
    with op.batch_alter_table("polls", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_polls_selection_id"))

    op.drop_table("polls")
    op.drop_table("board_files")
    op.drop_table("board_credentials")
    op.drop_table("board_box")
    with op.batch_alter_table("accounts_setup", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_accounts_setup_user_id"))

    op.drop_table("accounts_setup")
    with op.batch_alter_table("accounts_sessions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_accounts_sessions_user_id"))

    op.drop_table("accounts_sessions")
    op.drop_table("selections")
    op.drop_table("board_polls")
    op.drop_table("accounts_users")
    op.drop_table("accounts_throttle")
    op.drop_table("accounts_audit")
