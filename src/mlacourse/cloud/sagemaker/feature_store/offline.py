"""The offline store: records wait, then lie in S3 as Parquet, in one folder for each hour of their event time."""

from __future__ import annotations

import io
import string
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from mlacourse.cloud.call import AwsError
from mlacourse.cloud.sagemaker import roles
from mlacourse.cloud.sagemaker.artifacts import Location
from mlacourse.cloud.sagemaker.feature_store.values import Value

if TYPE_CHECKING:
    import pyarrow as pa

    from mlacourse.cloud.session import Cloud

# AWS writes within 15 minutes. Here it is always the whole time.
INTERVAL = timedelta(minutes=15)
# Columns that the store adds to the features.
ADDED = ("write_time", "api_invocation_time", "is_deleted")


@dataclass(frozen=True)
class Row:
    """One record as the offline store appends it."""

    event_time: datetime
    invoked: datetime
    values: Mapping[str, Value]


class OfflineStore:
    """The files of one feature group below ``data``, written as its role, which is assumed anew each time."""

    def __init__(
        self, cloud: Cloud, role_arn: str, data: Location, kinds: Mapping[str, str], kms_key: str | None = None
    ) -> None:
        self.data, self.role_arn = data, role_arn
        self.blocked: str | None = None
        self._cloud, self._kinds = cloud, kinds
        self._encryption = {"ServerSideEncryption": "aws:kms", "SSEKMSKeyId": kms_key} if kms_key else {}
        self._waiting: list[Row] = []
        self._lock = threading.Lock()

    def add(self, row: Row) -> None:
        """Keep a record until the clock has moved on."""
        with self._lock:
            self._waiting.append(row)
            first = len(self._waiting) == 1 or self.blocked is not None
        if first:
            self._cloud.clock.after(INTERVAL, self.flush)

    def flush(self) -> None:
        """Write what waits, one file for each hour of event time; what the role may not write goes on waiting."""
        with self._lock:
            waiting, self._waiting = self._waiting, []
        hours: dict[str, list[Row]] = {}
        for row in waiting:
            hours.setdefault(f"{row.event_time:year=%Y/month=%m/day=%d/hour=%H}", []).append(row)
        self.blocked = None
        try:
            s3 = roles.assume(self._cloud, self.role_arn).s3
            for hour in sorted(hours):
                place = self.data.below(hour, self._file_name(hours[hour]))
                s3.put_object(Bucket=place.bucket, Key=place.key, Body=self._parquet(hours[hour]), **self._encryption)
                hours[hour] = []
        except (AwsError, ClientError, BotoCoreError) as error:
            self.blocked = f"Could not write to {self.data.uri} with {self.role_arn}: {error}"
            with self._lock:
                self._waiting += [row for rows in hours.values() for row in rows]

    def _file_name(self, rows: Sequence[Row]) -> str:
        chance = self._cloud.random("sagemaker-featurestore-runtime", "OfflineStore")
        unique = "".join(chance.choices(string.ascii_letters + string.digits, k=16))
        return f"{max(row.event_time for row in rows):%Y%m%dT%H%M%SZ}_{unique}.parquet"

    def _parquet(self, rows: Sequence[Row]) -> bytes:
        # Loaded here, so that a cloud without feature groups starts without it.
        import pyarrow as pa
        import pyarrow.parquet

        schema = _schema(self._kinds)
        written = self._cloud.clock.now()
        columns: dict[str, list[Any]] = {name: [row.values.get(name) for row in rows] for name in self._kinds}
        added = ([written] * len(rows), [row.invoked for row in rows], [False] * len(rows))
        columns |= dict(zip(ADDED, added, strict=True))
        file = io.BytesIO()
        pyarrow.parquet.write_table(pa.table(columns, schema=schema), file)
        return file.getvalue()


def _schema(kinds: Mapping[str, str]) -> pa.Schema:
    import pyarrow as pa

    types = {"Integral": pa.int64(), "Fractional": pa.float64(), "String": pa.string()}
    moment = pa.timestamp("ms", tz="UTC")
    return pa.schema(
        [(name, types[kind]) for name, kind in kinds.items()]
        + list(zip(ADDED, (moment, moment, pa.bool_()), strict=True))
    )
