"""Why a meeting that was entered by mistake was withdrawn."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("decisions_meetings", sa.Column("withdrawn", sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column("decisions_meetings", "withdrawn")
