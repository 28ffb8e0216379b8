"""The main job: read, settle, post, write the workbooks."""
