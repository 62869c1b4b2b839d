"""What was forecast of each item at each warehouse, with the error its method made in the backtest."""

from alembic import op

revision = "0015"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        """CREATE TABLE forecasts (
            item_id BIGINT NOT NULL,
            warehouse TEXT DEFAULT '' NOT NULL,
            made_on DATE NOT NULL,
            demand_class TEXT DEFAULT '' NOT NULL,
            method TEXT DEFAULT '' NOT NULL,
            period_days INTEGER NOT NULL,
            horizon_days INTEGER NOT NULL,
            daily_mean NUMERIC(20, 6) NOT NULL,
            daily_sd NUMERIC(20, 6) NOT NULL,
            per_period JSONB NOT NULL,
            error JSONB NOT NULL,
            demand_days INTEGER NOT NULL,
            last_demand DATE,
            CONSTRAINT pk_forecasts PRIMARY KEY (item_id, warehouse, made_on),
            CONSTRAINT fk_forecasts_item_id FOREIGN KEY (item_id) REFERENCES items (id),
            CONSTRAINT fk_forecasts_warehouse FOREIGN KEY (warehouse) REFERENCES warehouses (code),
            CONSTRAINT ck_forecasts_whole_periods CHECK (period_days IN (1, 7) AND mod(horizon_days, period_days) = 0),
            CONSTRAINT ck_forecasts_never_negative CHECK (daily_mean >= 0 AND daily_sd >= 0),
            CONSTRAINT ck_forecasts_knows_the_past_alone CHECK (last_demand < made_on),
            CONSTRAINT ck_forecasts_covers_horizon CHECK (jsonb_array_length(per_period) * period_days = horizon_days)
        )"""
    )


def downgrade() -> None:
    op.drop_table("forecasts")
