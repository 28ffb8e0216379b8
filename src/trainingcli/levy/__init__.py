"""Employers' training funds (职工教育经费), 二(二)2: what is deductible, carried forward, spent on front-line staff."""
