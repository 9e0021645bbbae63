"""Tables of the organization: one row for the company, its currencies, roles, profiles and users."""

from sqlalchemy import BigInteger, Boolean, ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from mock_crm.database import Id, Model


class Organization(Model):
    """The company; there is one row."""

    __tablename__ = "organization"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    zgid: Mapped[str] = mapped_column(String(20))
    company_name: Mapped[str] = mapped_column(String(120))
    primary_email: Mapped[str] = mapped_column(String(100))
    time_zone: Mapped[str] = mapped_column(String(60))
    country: Mapped[str] = mapped_column(String(60))
    country_code: Mapped[str] = mapped_column(String(5))
    multi_currency: Mapped[bool] = mapped_column(Boolean, default=False)
    created_time: Mapped[int] = mapped_column(BigInteger)
    version: Mapped[int] = mapped_column(Integer)

    __mapper_args__ = {"version_id_col": version}


class Currency(Model):
    """A currency of the company; the home currency is the base."""

    __tablename__ = "currency"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    iso_code: Mapped[str] = mapped_column(String(3), unique=True)
    name: Mapped[str] = mapped_column(String(60))
    symbol: Mapped[str] = mapped_column(String(8))
    is_base: Mapped[bool] = mapped_column(Boolean)
    is_active: Mapped[bool] = mapped_column(Boolean, default=True)
    exchange_rate: Mapped[str] = mapped_column(String(24), default="1.000000000")
    decimal_places: Mapped[int] = mapped_column(Integer, default=2)
    decimal_separator: Mapped[str] = mapped_column(String(10), default="Period")
    thousand_separator: Mapped[str] = mapped_column(String(10), default="Comma")
    prefix_symbol: Mapped[bool] = mapped_column(Boolean, default=True)
    created_time: Mapped[int] = mapped_column(BigInteger)
    created_by: Mapped[int | None] = mapped_column(Id)
    modified_time: Mapped[int | None] = mapped_column(BigInteger)
    modified_by: Mapped[int | None] = mapped_column(Id)
    version: Mapped[int] = mapped_column(Integer)

    __mapper_args__ = {"version_id_col": version}


class Role(Model):
    __tablename__ = "role"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    name: Mapped[str] = mapped_column(String(200), unique=True)
    reporting_to: Mapped[int | None] = mapped_column(Id, ForeignKey("role.id"))
    description: Mapped[str | None] = mapped_column(Text)
    shares_with_peers: Mapped[bool] = mapped_column(Boolean, default=True)
    created_by: Mapped[int | None] = mapped_column(Id)
    created_time: Mapped[int | None] = mapped_column(BigInteger)
    modified_by: Mapped[int | None] = mapped_column(Id)
    modified_time: Mapped[int | None] = mapped_column(BigInteger)
    version: Mapped[int] = mapped_column(Integer)

    __mapper_args__ = {"version_id_col": version}


class Profile(Model):
    """A group of users; what it may do stands in `profile_permission`."""

    __tablename__ = "profile"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    name: Mapped[str] = mapped_column(String(80), unique=True)
    description: Mapped[str] = mapped_column(Text, default="")
    is_custom: Mapped[bool] = mapped_column(Boolean)
    created_by: Mapped[int | None] = mapped_column(Id)
    created_time: Mapped[int | None] = mapped_column(BigInteger)
    modified_time: Mapped[int | None] = mapped_column(BigInteger)
    modified_by: Mapped[int | None] = mapped_column(Id)
    version: Mapped[int] = mapped_column(Integer)

    __mapper_args__ = {"version_id_col": version}


class ProfilePermission(Model):
    """One box of a profile."""

    __tablename__ = "profile_permission"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    profile_id: Mapped[int] = mapped_column(Id, ForeignKey("profile.id"))
    name: Mapped[str] = mapped_column(String(80))
    enabled: Mapped[bool] = mapped_column(Boolean)
    version: Mapped[int] = mapped_column(Integer)

    __table_args__ = (Index("profile_permission_name", "profile_id", "name", unique=True),)
    __mapper_args__ = {"version_id_col": version}


class User(Model):
    """A person of the CRM; one who was deleted keeps the row, since records name him, and frees his email address.

    `details` is a JSON object of what else is known of him, under the vendor's keys.
    """

    __tablename__ = "user"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    zuid: Mapped[str] = mapped_column(String(20))
    first_name: Mapped[str] = mapped_column(String(40), default="")
    last_name: Mapped[str] = mapped_column(String(80))
    email: Mapped[str] = mapped_column(String(100))
    profile_id: Mapped[int] = mapped_column(Id, ForeignKey("profile.id"))
    role_id: Mapped[int] = mapped_column(Id, ForeignKey("role.id"))
    is_active: Mapped[bool] = mapped_column(Boolean, default=True)
    is_confirmed: Mapped[bool] = mapped_column(Boolean, default=True)
    deleted_time: Mapped[int | None] = mapped_column(BigInteger)
    details: Mapped[str] = mapped_column(Text, default="{}")
    created_time: Mapped[int] = mapped_column(BigInteger)
    created_by: Mapped[int | None] = mapped_column(Id)
    modified_time: Mapped[int] = mapped_column(BigInteger)
    modified_by: Mapped[int | None] = mapped_column(Id)
    version: Mapped[int] = mapped_column(Integer)

    __mapper_args__ = {"version_id_col": version}


Index(
    "user_email",
    User.__table__.c.email,
    unique=True,
    sqlite_where=User.__table__.c.deleted_time.is_(None),
)


class ZscKey(Model):
    """A Zoho Service Communication key, hashed. At most one is live (crm-api.md §2.6)."""

    __tablename__ = "zsc_key"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    key_hash: Mapped[str] = mapped_column(String(64))
    ends: Mapped[str] = mapped_column(String(4))
    generated_by: Mapped[int] = mapped_column(Id)
    generated_time: Mapped[int] = mapped_column(BigInteger)
    ended_time: Mapped[int | None] = mapped_column(BigInteger)
    version: Mapped[int] = mapped_column(Integer)

    __mapper_args__ = {"version_id_col": version}


class ZscConnection(Model):
    """A product that came in with the key; its refresh token ends with the key."""

    __tablename__ = "zsc_connection"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    key_id: Mapped[int] = mapped_column(Id, ForeignKey("zsc_key.id"))
    product: Mapped[str] = mapped_column(String(50))
    organization: Mapped[str] = mapped_column(String(200))
    user_id: Mapped[int] = mapped_column(Id)
    refresh_hash: Mapped[str] = mapped_column(String(64))
    connected_time: Mapped[int] = mapped_column(BigInteger)
    version: Mapped[int] = mapped_column(Integer)

    __mapper_args__ = {"version_id_col": version}
