"""Course plans (教学计划): themes 二(五), hours and the experts' review 三(四), training standard 三(六)."""
