"""Slips printed anew."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Batches that were printed before this column are first issues.
    op.add_column("slips_batches", sa.Column("reissued", sa.Integer(), server_default="0", nullable=False))


def downgrade() -> None:
    op.drop_column("slips_batches", "reissued")
