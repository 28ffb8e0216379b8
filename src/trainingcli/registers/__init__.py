"""Published lists (目录清单, 三(四)(七)): read from a folder of workbooks, checked, and looked up by date."""
