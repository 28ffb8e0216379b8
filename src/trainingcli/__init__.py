"""Subsidy claims for vocational training (职业技能提升培训补贴): rosters in, reconciled claim workbooks out."""

__version__ = "0.1.0"
