"""Tables of the metadata. Modules are rows, never classes."""

from sqlalchemy import BigInteger, Boolean, ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from mock_crm.database import Id, Model


class ModuleRow(Model):
    __tablename__ = "module"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    api_name: Mapped[str] = mapped_column(String(50), unique=True)
    module_name: Mapped[str] = mapped_column(String(50))
    singular_label: Mapped[str] = mapped_column(String(50))
    plural_label: Mapped[str] = mapped_column(String(50))
    name_field: Mapped[str] = mapped_column(String(60))
    check_field: Mapped[str] = mapped_column(String(60))
    sequence: Mapped[int] = mapped_column(Integer)
    generated_type: Mapped[str] = mapped_column(String(20), default="default")
    modified_by: Mapped[int | None] = mapped_column(Id)
    modified_time: Mapped[int | None] = mapped_column(BigInteger)
    version: Mapped[int] = mapped_column(Integer)

    __mapper_args__ = {"version_id_col": version}


class FieldRow(Model):
    """A field of a module.

    `column` names the record's own column where the value is none of the record's JSON values; `extra` holds
    what only some fields have (tooltip, type of text area) as JSON. A field is unused once it was taken off the layout.
    """

    __tablename__ = "field"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    module: Mapped[str] = mapped_column(String(50))
    api_name: Mapped[str] = mapped_column(String(60))
    label: Mapped[str] = mapped_column(String(60))
    data_type: Mapped[str] = mapped_column(String(30))
    length: Mapped[int] = mapped_column(Integer)
    decimal_place: Mapped[int | None] = mapped_column(Integer)
    column: Mapped[str | None] = mapped_column(String(30))
    lookup_module: Mapped[str | None] = mapped_column(String(50))
    is_custom: Mapped[bool] = mapped_column(Boolean, default=False)
    is_mandatory: Mapped[bool] = mapped_column(Boolean, default=False)
    is_read_only: Mapped[bool] = mapped_column(Boolean, default=False)
    is_unique: Mapped[bool] = mapped_column(Boolean, default=False)
    is_hidden: Mapped[bool] = mapped_column(Boolean, default=False)
    is_unused: Mapped[bool] = mapped_column(Boolean, default=False)
    extra: Mapped[str] = mapped_column(Text, default="{}")
    created_time: Mapped[int | None] = mapped_column(BigInteger)
    modified_time: Mapped[int | None] = mapped_column(BigInteger)
    version: Mapped[int] = mapped_column(Integer)

    __table_args__ = (Index("field_name", "module", "api_name", unique=True),)
    __mapper_args__ = {"version_id_col": version}


class OptionRow(Model):
    """An option of a picklist; stages have a probability and a forecast type too."""

    __tablename__ = "picklist_option"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    field_id: Mapped[int] = mapped_column(Id, ForeignKey("field.id"))
    display_value: Mapped[str] = mapped_column(String(120))
    actual_value: Mapped[str] = mapped_column(String(120))
    sequence: Mapped[int] = mapped_column(Integer)
    probability: Mapped[int | None] = mapped_column(Integer)
    forecast_type: Mapped[str | None] = mapped_column(String(20))
    colour: Mapped[str | None] = mapped_column(String(10))
    is_used: Mapped[bool] = mapped_column(Boolean, default=True)
    version: Mapped[int] = mapped_column(Integer)

    __table_args__ = (Index("picklist_option_value", "field_id", "actual_value", unique=True),)
    __mapper_args__ = {"version_id_col": version}


class PipelineRow(Model):
    """A pipeline of potentials that was edited; its id is that of its option of the field Pipeline.

    `stages` is a JSON list of ids of stages, in order. A pipeline without a row has all stages and is the default.
    """

    __tablename__ = "pipeline"

    id: Mapped[int] = mapped_column(Id, ForeignKey("picklist_option.id"), primary_key=True, autoincrement=False)
    is_default: Mapped[bool] = mapped_column(Boolean)
    stages: Mapped[str] = mapped_column(Text)
    version: Mapped[int] = mapped_column(Integer)

    __mapper_args__ = {"version_id_col": version}


class LayoutRow(Model):
    """A layout.

    Its sections are JSON: `[{"id", "name", "display_label", "fields": [{"api_name", "required"}]}]`, and with them
    `column_count` and `tab_traversal` where they differ from the usual. `hidden_from` is a JSON list of profiles that
    may not use it.
    """

    __tablename__ = "layout"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    module: Mapped[str] = mapped_column(String(50), index=True)
    name: Mapped[str] = mapped_column(String(60))
    api_name: Mapped[str] = mapped_column(String(60))
    sections: Mapped[str] = mapped_column(Text)
    hidden_from: Mapped[str] = mapped_column(Text, default="[]")
    show_business_card: Mapped[bool] = mapped_column(Boolean, default=True)
    modified_time: Mapped[int | None] = mapped_column(BigInteger)
    modified_by: Mapped[int | None] = mapped_column(Id)
    version: Mapped[int] = mapped_column(Integer)

    __mapper_args__ = {"version_id_col": version}


class ViewRow(Model):
    """A custom view, predefined or made by a user; criteria and field names are JSON."""

    __tablename__ = "custom_view"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    module: Mapped[str] = mapped_column(String(50), index=True)
    name: Mapped[str] = mapped_column(String(100))
    system_name: Mapped[str | None] = mapped_column(String(60))
    is_default: Mapped[bool] = mapped_column(Boolean, default=False)
    is_locked: Mapped[bool] = mapped_column(Boolean, default=False)
    access_type: Mapped[str] = mapped_column(String(20), default="public")
    shared_to: Mapped[str] = mapped_column(Text, default="[]")
    criteria: Mapped[str | None] = mapped_column(Text)
    fields: Mapped[str] = mapped_column(Text, default="[]")
    sort_by: Mapped[str | None] = mapped_column(String(60))
    sort_order: Mapped[str | None] = mapped_column(String(4))
    created_by: Mapped[int | None] = mapped_column(Id)
    created_time: Mapped[int | None] = mapped_column(BigInteger)
    modified_by: Mapped[int | None] = mapped_column(Id)
    modified_time: Mapped[int | None] = mapped_column(BigInteger)
    sequence: Mapped[int] = mapped_column(Integer, default=0)
    version: Mapped[int] = mapped_column(Integer)

    __mapper_args__ = {"version_id_col": version}
